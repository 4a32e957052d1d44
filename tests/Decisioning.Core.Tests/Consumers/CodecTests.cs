using System.Buffers.Binary;
using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Consumers;

/// <summary>The packed form: round trips, refusals, peeks and size.</summary>
public sealed class CodecTests
{
    [Fact]
    public void A_state_survives_its_packed_form()
    {
        foreach (byte[] packed in RandomStates.Packed(60))
        {
            var state = new ConsumerState();
            Assert.True(ConsumerCodec.TryRead(packed, state));
            Assert.Equal(packed.Length, ConsumerCodec.SizeOf(state));
            Assert.Equal(packed, PlayedConsumer.Pack(state));
        }
    }

    [Fact]
    public void Every_truncation_is_refused_even_where_the_length_is_made_to_agree()
    {
        var state = new ConsumerState();
        foreach (byte[] packed in RandomStates.Packed(12))
        {
            for (int length = 0; length < packed.Length; length++)
            {
                byte[] cut = packed[..length];
                Assert.False(ConsumerCodec.TryRead(cut, state));
                if (length >= 6)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(cut.AsSpan(2), length);
                    Assert.False(ConsumerCodec.TryRead(cut, state), $"{length} of {packed.Length} bytes");
                }
            }

            Assert.False(ConsumerCodec.TryRead([.. packed, 0], state));
        }
    }

    [Fact]
    public void Flipped_bits_never_throw_and_what_is_accepted_can_be_packed_and_read_again()
    {
        var random = new Random(11);
        var state = new ConsumerState();
        int accepted = 0, refused = 0;
        foreach (byte[] packed in RandomStates.Packed(20))
        {
            for (int i = 0; i < 2_000; i++)
            {
                byte[] hurt = (byte[])packed.Clone();
                for (int flips = random.Next(1, 4); flips > 0; flips--)
                {
                    hurt[random.Next(hurt.Length)] ^= (byte)(1 << random.Next(8));
                }

                if (!ConsumerCodec.TryRead(hurt, state))
                {
                    refused++;
                    continue;
                }

                accepted++;
                Assert.True(ConsumerCodec.TryRead(PlayedConsumer.Pack(state), state));
            }
        }

        Assert.True(accepted > 1_000 && refused > 1_000, $"{accepted} accepted, {refused} refused: the fuzz must reach both.");
    }

    [Fact]
    public void Peeks_read_the_header_alone()
    {
        var consumer = new PlayedConsumer(Worlds.Plain(), Worlds.Noon);
        consumer.Report(EventType.Cart);
        consumer.Report(EventType.View);
        ConsumerState state = consumer.Load();
        state.Position = 123_456_789_012;
        byte[] packed = PlayedConsumer.Pack(state);
        byte[] roomy = [.. packed, 1, 2, 3];
        Assert.Equal(packed.Length, ConsumerCodec.LengthOf(roomy));
        Assert.Equal(2u, ConsumerCodec.SequenceOf(roomy));
        Assert.Equal(123_456_789_012, ConsumerCodec.PositionOf(roomy));
        Assert.Equal(PlayedConsumer.Id, Encoding.UTF8.GetString(ConsumerCodec.IdOf(roomy)));
    }

    [Fact]
    public void A_consumer_of_two_brands_ten_exposures_and_twenty_event_ids_is_small()
    {
        CatalogueSnapshot catalogue = Brands.Together(Brands.Simple(), Brands.Simple("borealis", 8));
        var consumer = new PlayedConsumer(catalogue, Worlds.Noon);
        foreach (string brand in (string[])["aurora", "borealis"])
        {
            consumer.Brands = [brand];
            for (int i = 0; i < 10; i++)
            {
                consumer.Now += 60_000;
                consumer.Report(i == 9 ? EventType.Cart : EventType.View);
                if (i % 2 == 0)
                {
                    SlotDecision decision = consumer.Chosen();
                    consumer.Track(PlayedConsumer.RefOf(decision, consumer.Now), EventType.Impression);
                }
            }
        }

        Assert.Equal(10, consumer.View().Brands.Sum(b => b.Exposures.Count));
        Assert.InRange(consumer.Packed!.Length, 1, 630);
    }

    [Fact]
    public void A_consumer_known_to_every_brand_it_may_be_known_to_can_be_read_again()
    {
        BrandSnapshot[] brands = [.. Enumerable.Range(1, StateBounds.Relationships).Select(i => Brands.Simple($"b{i}", i))];
        var turn = new Turn(5);
        turn.State.Reset("c"u8);
        EventType[] kinds = [.. Enum.GetValues<EventType>().Where(t => t is not (EventType.Purchase or EventType.Deposit or EventType.Refund))];
        int events = 0;
        foreach (EventType kind in kinds)
        {
            foreach (BrandSnapshot brand in brands)
            {
                if (events == StateBounds.EventIds)
                {
                    break;
                }

                turn.Begin(1, Worlds.Noon, Brands.Together(brand), new OpenMarket(), null);
                var happening = new Happening(kind, Worlds.Noon, Worlds.Noon, $"{events++}") { Rating = 5, Creative = kind <= EventType.Dismiss ? "a" : null };
                Assert.Equal(EventStatus.Accepted, turn.Record(happening.Command("c", brand.Id)).Status);
            }
        }

        byte[] packed = PlayedConsumer.Pack(turn.State);
        Assert.True(ConsumerCodec.TryRead(packed, turn.State));
        Assert.Equal(packed, PlayedConsumer.Pack(turn.State));
    }
}
