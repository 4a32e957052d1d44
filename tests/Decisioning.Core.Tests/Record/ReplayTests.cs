using System.Globalization;
using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Tests.Support;

namespace Decisioning.Core.Tests.Record;

/// <summary>A journal applied again makes the same bytes and the same movements of money; a broken one is refused.</summary>
public sealed class ReplayTests
{
    private const int Histories = 150;

    [Fact]
    public void A_replayed_journal_gives_the_same_bytes_and_the_same_money()
    {
        int moved = 0;
        for (int seed = 0; seed < Histories; seed++)
        {
            PlayedConsumer consumer = RandomStates.Consumer(seed);
            var replayed = new OpenMarket();
            Assert.True(consumer.Packed!.AsSpan().SequenceEqual(consumer.Replayed(replayed)), $"seed {seed}");
            var money = new OpenMarket();
            foreach ((_, _, byte[] payload) in consumer.Journal)
            {
                Turn.ReplayMoney(payload, money);
            }

            Assert.Equal(replayed.Movements, money.Movements);
            Assert.Equal(consumer.Market.Movements.Select(AsReplayed), money.Movements.Select(AsReplayed));
            moved += money.Movements.Count;
        }

        Assert.True(moved > Histories, $"{moved} movements of money are too few to tell.");
    }

    [Fact]
    public void A_turn_out_of_sequence_is_refused()
    {
        PlayedConsumer consumer = RandomStates.Consumer(3);
        (uint sequence, long instant, byte[] payload) = consumer.Journal[0];
        var turn = new Turn(5);
        turn.State.Reset("c"u8);
        Assert.Throws<InvalidDataException>(() => turn.Replay(77, sequence + 1, instant, payload, null));
        turn.Replay(77, sequence, instant, payload, null);
        Assert.Throws<InvalidDataException>(() => turn.Replay(77, sequence, instant, payload, null));
    }

    [Fact]
    public void Every_cut_of_a_payload_is_refused_or_is_a_shorter_payload_and_tells_no_money_it_does_not_hold()
    {
        foreach (byte[] payload in Enumerable.Range(0, 8).SelectMany(s => RandomStates.Consumer(s).Journal).Select(j => j.Payload).Take(150))
        {
            var whole = new OpenMarket();
            Turn.ReplayMoney(payload, whole);
            for (int length = 0; length < payload.Length; length++)
            {
                var market = new OpenMarket();
                _ = IsRefused(() => Turn.ReplayMoney(payload.AsSpan(0, length), market));
                Assert.Equal(whole.Movements.Take(market.Movements.Count), market.Movements);
            }
        }
    }

    [Fact]
    public void A_broken_payload_is_refused_as_invalid_data_or_leaves_a_state_that_can_be_packed_and_read()
    {
        var random = new Random(23);
        int refused = 0, applied = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            PlayedConsumer consumer = RandomStates.Consumer(seed);
            for (int i = 0; i < 250; i++)
            {
                (uint sequence, long instant, byte[] payload) = consumer.Journal[random.Next(consumer.Journal.Count)];
                byte[] hurt = Hurt(random, payload);
                var turn = new Turn(5);
                Load(turn.State, consumer);
                turn.State.Sequence = sequence - 1;
                if (IsRefused(() => turn.Replay(77, sequence, instant, hurt, new OpenMarket())))
                {
                    refused++;
                    continue;
                }

                applied++;
                Assert.True(ConsumerCodec.TryRead(PlayedConsumer.Pack(turn.State), new ConsumerState()), $"seed {seed}, {i}: {Convert.ToHexString(hurt)}");
                _ = IsRefused(() => Turn.ReplayMoney(hurt, new OpenMarket()));
                _ = IsRefused(() => ConsumerViews.Of(turn.State, consumer.Catalogue, instant, [(instant, hurt)]));
            }
        }

        Assert.True(refused > 500 && applied > 500, $"{refused} refused, {applied} applied: the fuzz must reach both.");
    }

    private static void Load(ConsumerState state, PlayedConsumer consumer)
    {
        if (consumer.Packed is null || !ConsumerCodec.TryRead(consumer.Packed, state))
        {
            state.Reset(Encoding.UTF8.GetBytes(PlayedConsumer.Id));
        }
    }

    private static byte[] Hurt(Random random, byte[] payload)
    {
        byte[] hurt = (byte[])payload.Clone();
        for (int n = random.Next(1, 4); n > 0; n--)
        {
            int at = random.Next(hurt.Length);
            hurt[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => 0xFF, _ => (byte)(hurt[at] ^ 1 << random.Next(8)) };
        }

        return random.Next(4) == 0 ? hurt[..random.Next(hurt.Length)] : hurt;
    }

    private static bool IsRefused(Action act)
    {
        try
        {
            act();
            return false;
        }
        catch (InvalidDataException)
        {
            return true;
        }
    }

    /// <summary>The market's own words for a movement without what only one of the two tellings says.</summary>
    private static string AsReplayed(string movement)
    {
        string[] words = movement.Replace("again ", "", StringComparison.Ordinal).Replace("charge held", "charge", StringComparison.Ordinal).Split(' ');
        return words[0] == "hold" ? string.Create(CultureInfo.InvariantCulture, $"hold {words[2]} {words[4]}") : $"charge {words[2]}";
    }
}
