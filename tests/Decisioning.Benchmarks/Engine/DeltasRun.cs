using Decisioning.Benchmarks.Known;
using Decisioning.Benchmarks.Reporting;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Benchmarks.Engine;

/// <summary>
/// <c>deltas</c>: what keeping books adds to a turn. A turn adds nothing up: it writes facts, and somebody else folds them. Measured is the writing, by the turn's
/// own types and with what a real decision found: how far each campaign came, the brands asked, the win, an event, its organic share, the change of stage, the
/// calendar entry, and the block with its checksum at the payload's end. Working out who shares in an event is a part of recording it, and not in it.
/// </summary>
internal static class DeltasRun
{
    private const int Brands = 20;
    private const int Chunk = 10_000;
    private const string Consumer = "c-1";
    private const string Channel = "home";
    private const long Now = 1_790_000_000_000;
    private const long DayMs = 86_400_000;

    public static Task RunAsync(Report report, bool quick)
    {
        int chunks = quick ? 50 : 500;
        report.Heading($"deltas: the facts of a turn with a decision over {Brands} brands and one event, medians of {chunks} times {Chunk:N0}");
        CatalogueSnapshot catalogue = Catalogues.Of(Brands, 20, 5);
        Writing writing = new(catalogue);
        writing.Decision();
        report.Add(new Figure("facts of the decision", Measure(writing.Decision, chunks), "ns"));
        report.Add(new Figure("facts of the event", Measure(writing.Event, chunks), "ns"));
        report.Add(new Figure("facts of both, in one turn", Measure(writing.Turn, chunks), "ns", Target.Below(200)));
        report.Add(new Figure("  allocated", writing.BytesOfTurn(), "B", Target.Below(0)));
        report.Add(new Figure("  in the journal", writing.Payload.Length, "B"));
        ServerTotals totals = new();
        report.Add(new Figure("folding them, beside the turns", Measure(() => totals.Fold(TurnFacts.Of(writing.Payload)), chunks), "ns"));
        return Task.CompletedTask;
    }

    /// <returns>Nanoseconds of the thread's own time.</returns>
    private static double Measure(Action work, int chunks)
    {
        double[] times = new double[chunks];
        for (int c = -chunks; c < chunks; c++)
        {
            double start = ThreadClock.Microseconds;
            for (int i = 0; i < Chunk; i++)
            {
                work();
            }

            times[Math.Max(c, 0)] = (ThreadClock.Microseconds - start) / Chunk * 1_000;
        }

        return Medians.Of(times);
    }

    /// <summary>Writes as a turn does.</summary>
    private sealed class Writing
    {
        private readonly BrandListForm _brandList = new();
        private readonly BrandSnapshot[] _brands;
        private readonly DrawRecord _draw;
        private readonly FunnelTrace _funnel = new();
        private readonly FactWriter _facts = new();
        private readonly ByteWriter _payload = new();

        public Writing(CatalogueSnapshot catalogue)
        {
            ConsumerState state = new();
            state.Reset("c-1"u8);
            Decider decider = new();
            decider.Decide(state, Requests.Of(catalogue, Consumer), OpenMarket.Instance, Now, seed: 5);
            _brands = catalogue.Brands;
            _draw = decider.Draws[0];
        }

        public ReadOnlySpan<byte> Payload => _payload.Written;

        public void Decision()
        {
            Begin();
            AddDecision();
            TurnFacts.Append(_facts, _payload);
        }

        public void Event()
        {
            Begin();
            AddEvent();
            TurnFacts.Append(_facts, _payload);
        }

        public void Turn()
        {
            Begin();
            AddEvent();
            AddDecision();
            TurnFacts.Append(_facts, _payload);
        }

        public double BytesOfTurn()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Chunk; i++)
            {
                Turn();
            }

            return (double)(GC.GetAllocatedBytesForCurrentThread() - before) / Chunk;
        }

        private void Begin()
        {
            _payload.Clear();
            _facts.Begin(Now);
        }

        private void AddEvent()
        {
            int brand = _brands[3].Symbol;
            _facts.Event(brand, EventType.Cart);
            _facts.Organic(brand, EventType.Cart, 1_000_000, 0);
            _facts.Stage(brand, new StageShift(Now, DeeplinkStage.Engage, DeeplinkStage.Perform, StageCause.Of(EventType.Cart)), Now - DayMs);
            _facts.Calendar((int)(Now / DayMs * 24));
        }

        private void AddDecision()
        {
            _funnel.Clear();
            _funnel.BeginSlot();
            _funnel.BeginSearch();
            foreach (BrandSnapshot brand in _brands)
            {
                foreach (CampaignSnapshot campaign in brand.Campaigns)
                {
                    _funnel.Add(campaign, FunnelReach.Paced);
                }
            }

            _facts.Search(_brandList.Of(_brands), 1, _funnel.Runs);
            _facts.Won(_draw, Channel, FactFlags.None, Now + 2_000);
        }
    }
}
