using System.Globalization;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>Compares one consumer's recount with what the engine holds, at one instant, into the report.</summary>
internal sealed class ConsumerCheck(CatalogueSnapshot catalogue, long t, HeldState held, StageCheck stages, VerifyReport report)
{
    /// <summary>Sums are taken in another order here: they differ in their last bits.</summary>
    private const double IntentTolerance = 1e-9;

    public void Run(ConsumerBook book)
    {
        string where = $"consumer {book.Id}";
        foreach (string fault in book.Faults.Concat(RepeatRecount.FaultsOf(book)))
        {
            report.Add(new Mismatch(where, fault));
        }

        // Of a broken chain nothing can be replayed, and the break is told.
        if (book.Faults.Count > 0)
        {
            CountBy(book);
            return;
        }

        // Marks of contextual decisions leave the store once their tokens are too old to count.
        if (book.IsMark && book.LastInstant < t - RecountRules.Memory)
        {
            return;
        }

        if (held.Load(book) is { } obstacle)
        {
            report.Add(new Mismatch(where, obstacle));
            CountBy(book);
            return;
        }

        Compare(where, "last turn", book.LastSequence, held.State.Sequence);
        Compare(where, "position of the last turn", book.Positions[^1], held.State.Position);
        Compare(where, "instant of the last turn", book.LastInstant, held.State.LastInstant);
        ConsumerView view = ConsumerViews.Of(held.State, catalogue, t, []);
        Compare(where, "id", book.Id, view.Id);
        if (!book.IsMark)
        {
            stages.Count(held.State);
        }

        if (book.IsWhole)
        {
            if (!book.IsMark)
            {
                stages.Run(book, held.State, where);
            }

            CompareWhole(book, view, where);
        }
        else
        {
            report.Partial++;
            ComparePart(book, view, where);
        }
    }

    private void CountBy(ConsumerBook book)
    {
        if (!book.IsMark)
        {
            stages.Count(book);
        }
    }

    private void CompareWhole(ConsumerBook book, ConsumerView view, string where)
    {
        ExposureRecount exposures = ExposureRecount.Of(book);
        List<RecountedExposure> counting = [.. exposures.CountingAt(t)];
        HashSet<int> met = [.. book.Events.Select(e => e.Event.Brand), .. book.Draws.Where(d => !d.Draw.Ghost && !d.Draw.Decision.Contextual).Select(d => d.Draw.Decision.Brand)];
        foreach (BrandSnapshot brand in catalogue.Brands)
        {
            RelationshipView? relationship = view.Brands.FirstOrDefault(b => b.Brand == brand.Id);
            string there = $"{where}, brand {brand.Id}";
            if (met.Contains(brand.Symbol) != relationship is not null)
            {
                report.Add(new Mismatch(there, relationship is null ? "the engine has no record with the brand" : "the engine has a record with the brand, the journal has none"));
            }
            else if (relationship is not null)
            {
                var evidence = new BrandEvidence(book, brand, t);
                CompareStage(evidence, relationship, there);
                CompareBehaviours(evidence, exposures, counting, relationship, there);
                CompareOrders(evidence, relationship, there);
                ExposureComparison.Run(brand, exposures, counting, relationship, there, report);
                CompareCaps(brand, exposures, counting, relationship, there);
            }
        }
    }

    /// <summary>What the journal has is a part of what the engine counts.</summary>
    private void ComparePart(ConsumerBook book, ConsumerView view, string where)
    {
        foreach (RelationshipView relationship in view.Brands)
        {
            var evidence = new BrandEvidence(book, catalogue.Find(relationship.Brand)!, t);
            foreach (EventType type in Enum.GetValues<EventType>().Where(CountsByHour))
            {
                long least = BehaviourRecount.Of(type, evidence, []).Count;
                long count = relationship.Behaviours.GetValueOrDefault(Names.Of(type))?.Count ?? 0;
                if (count < least)
                {
                    report.Add(new Mismatch($"{where}, brand {relationship.Brand}", $"{Names.Of(type)}: the journal alone has {least}, the engine counts {count}"));
                }
            }
        }
    }

    private static bool CountsByHour(EventType type) => type is EventType.View or EventType.ContentEngage or EventType.ShopVisit or EventType.BrandSearch
        or EventType.CouponClaim or EventType.Search or EventType.SampleClaim or EventType.Review;

    private void CompareStage(BrandEvidence evidence, RelationshipView relationship, string where)
    {
        DeeplinkStage stage = StageRecount.Of(evidence);
        Compare(where, "stage", Names.Of(Names.Aipl(stage)), Names.Of(relationship.Stage));
        Compare(where, "deeplink stage", Names.Of(stage), Names.Of(relationship.DeeplinkStage));
        double intent = IntentRecount.Of(evidence);
        if (Math.Abs(intent - relationship.Intent) > IntentTolerance)
        {
            report.Add(new Mismatch(where, string.Create(CultureInfo.InvariantCulture, $"intent: recounted {intent:R}, the engine has {relationship.Intent:R}")));
        }
    }

    private void CompareBehaviours(
        BrandEvidence evidence, ExposureRecount exposures, List<RecountedExposure> counting, RelationshipView relationship, string where)
    {
        bool manyOrders = evidence.Orders.Count > RecountRules.Orders;
        foreach (EventType type in Enum.GetValues<EventType>())
        {
            RecountedBehaviour expected = BehaviourRecount.Of(type, evidence, counting);
            BehaviourView actual = relationship.Behaviours.GetValueOrDefault(Names.Of(type)) ?? new BehaviourView(0, null);
            bool countKnown = type <= EventType.Dismiss ? !exposures.Crowded && !exposures.AgedAt(t)
                : type is not (EventType.Purchase or EventType.Deposit or EventType.Refund) || !manyOrders;
            if (countKnown)
            {
                Compare(where, $"{Names.Of(type)} count", expected.Count, actual.Count);
            }

            if (!manyOrders || type is not (EventType.Deposit or EventType.Refund))
            {
                Compare(where, $"newest {Names.Of(type)}", expected.LastAt, actual.LastAt);
            }
        }
    }

    private void CompareOrders(BrandEvidence evidence, RelationshipView relationship, string where)
    {
        // Of more orders than are kept, which were let go of depends on the order they came in.
        if (evidence.Orders.Count > RecountRules.Orders)
        {
            Compare(where, "orders kept", RecountRules.Orders, relationship.Orders.Count);
            return;
        }

        Compare(where, "orders", string.Join(", ", evidence.Orders.Select(Text)), string.Join(", ", relationship.Orders.Select(Text)));

        static string Text(object order) => order switch
        {
            RecountedOrder o => $"{o.OrderId} {o.Status} at {o.At} for {o.Value}, {o.Refunded} refunded",
            OrderView o => $"{o.OrderId} {o.Status} at {o.At} for {o.Value}, {o.Refunded} refunded",
            _ => throw new ArgumentException("Neither kind of order.", nameof(order)),
        };
    }

    private void CompareCaps(BrandSnapshot brand, ExposureRecount exposures, List<RecountedExposure> counting, RelationshipView relationship, string where)
    {
        if (exposures.Crowded || exposures.AgedAt(t))
        {
            return;
        }

        var expected = CapRecount.Of(brand, catalogue.Settings, counting, t);
        var actual = relationship.Caps.GroupBy(c => (c.Scope, c.Id, c.Max, c.WindowMs)).ToDictionary(c => c.Key, c => c.First().Count);
        foreach (var cap in expected.Keys.Union(actual.Keys))
        {
            Compare(where, $"cap {cap}", expected.GetValueOrDefault(cap), actual.GetValueOrDefault(cap));
        }
    }

    private void Compare<T>(string where, string what, T recounted, T has)
    {
        if (!EqualityComparer<T>.Default.Equals(recounted, has))
        {
            report.Add(new Mismatch(where, $"{what}: recounted {Shown(recounted)}, the engine has {Shown(has)}"));
        }
    }

    private static string Shown<T>(T value) => value is null or "" ? "nothing" : value.ToString()!;
}
