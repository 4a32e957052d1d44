using System.Text;
using System.Text.Json.Nodes;
using BenchmarkDotNet.Attributes;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;

namespace Decisioning.Benchmarks;

/// <summary>
/// A warm decision: the packed state read, the turn run with its journal record, the state packed again. The consumer knows 3 brands and has 32 exposures, and
/// each decision starts from that same state.
/// </summary>
[MemoryDiagnoser]
public class DecideBenchmarks
{
    private const long Start = 1_790_000_000_000;
    private readonly Turn _turn = new(9);
    private readonly DecideCommand _command = new() { ConsumerId = "c-123456" };
    private readonly byte[] _packed = new byte[8192];
    private readonly byte[] _after = new byte[8192];
    private int _length;
    private long _now = Start;

    /// <summary>Brands × creatives of each × steps they are spread over: 80 and 1,000 eligible.</summary>
    [Params("20x20x5", "20x50x1")]
    public string Shape { get; set; } = "20x20x5";

    [GlobalSetup]
    public void Prepare()
    {
        string[] shape = Shape.Split('x');
        _command.Catalogue = Catalogues.Of(int.Parse(shape[0]), int.Parse(shape[1]), int.Parse(shape[2]));
        _command.Brands = _command.Catalogue.Brands;
        _command.Placements.Add(new PlacementCommand
        {
            Id = "home-top",
            Channel = "home",
            Formats = 1 << (int)CreativeFormat.Video,
            Size = "640x360",
            Count = 1,
            ConfirmAtDecision = false,
        });
        _turn.State.Reset(Encoding.UTF8.GetBytes(_command.ConsumerId!));
        MeetBrands();
        Keep();
    }

    [Benchmark]
    public DecideReply Decide()
    {
        ConsumerCodec.TryRead(_packed.AsSpan(0, _length), _turn.State);
        _turn.Begin(1, _now, _command.Catalogue, OpenMarket.Instance, null);
        DecideReply reply = _turn.Decide(_command);
        ConsumerCodec.Write(_turn.State, _after);
        return reply;
    }

    private void Keep()
    {
        _length = ConsumerCodec.SizeOf(_turn.State);
        ConsumerCodec.Write(_turn.State, _packed);
    }

    /// <summary>32 confirmed exposures and a few behaviours over 3 brands.</summary>
    private void MeetBrands()
    {
        for (int i = 0; i < 32; i++)
        {
            BrandSnapshot brand = _command.Brands[i % 3];
            var command = new DecideCommand { ConsumerId = _command.ConsumerId, Catalogue = _command.Catalogue, Brands = [brand] };
            command.Placements.AddRange(_command.Placements);
            _turn.Begin(1, _now += 60_000, _command.Catalogue, OpenMarket.Instance, null);
            SlotDecision decision = _turn.Decide(command).Placements[0].Decisions[0];
            _turn.Track(
                new DecisionRef(
                    _command.ConsumerId, brand.Symbol, decision.Campaign.Symbol, decision.Step.Symbol, decision.Creative.Symbol, decision.Ordinal, _turn.Now,
                    decision.ReserveSeconds, PriceModel.None, 0),
                EventType.Impression);
            if (i < 12)
            {
                _turn.Record(new EventCommand
                {
                    EventId = $"e-{i}",
                    Type = i % 4 == 0 ? EventType.Cart : EventType.View,
                    ConsumerId = _command.ConsumerId,
                    Brand = brand.Id,
                    OccurredAt = _now - i * 7_200_000L,
                });
            }
        }
    }

    private sealed class OpenMarket : IMarket
    {
        public static OpenMarket Instance { get; } = new();

        public MarketAnswer Check(CampaignSnapshot campaign, long now) => default;

        public bool TryHold(CampaignSnapshot campaign, long amount, long now, long expiresAt) => true;

        public void ChargeHeld(int brand, int campaign, long amount, long expiresAt, long now)
        {
        }

        public bool TryCharge(int brand, int campaign, long amount, long now) => true;
    }
}
