using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;

namespace Decisioning.Core.Record;

/// <summary>Makes a consumer's state readable.</summary>
public static class ConsumerViews
{
    /// <summary>Decisions shown, a brand.</summary>
    public const int Decisions = 32;

    /// <param name="state">Loaded; it is brought up to <paramref name="now"/> (a scratch copy).</param>
    /// <param name="catalogue">Names; a brand that has left the catalogue is left out.</param>
    /// <param name="now">Instant of the view.</param>
    /// <param name="history">Payloads of the consumer's newest records, newest first.</param>
    public static ConsumerView Of(ConsumerState state, CatalogueSnapshot catalogue, long now, IEnumerable<(long At, ReadOnlyMemory<byte> Payload)> history)
    {
        Aging.BringTo(state, now);
        var decisions = new Dictionary<int, List<DecisionView>>();
        foreach ((long at, ReadOnlyMemory<byte> payload) in history)
        {
            DecisionHistory.Collect(at, payload.Span, catalogue, decisions);
        }

        var brands = new List<RelationshipView>(state.Relationships.Count);
        for (int slot = 0; slot < state.Relationships.Count; slot++)
        {
            if (catalogue.Find(state.Relationships[slot].Brand) is { } brand)
            {
                brands.Add(Of(state, slot, brand, catalogue.Settings, now, decisions.GetValueOrDefault(brand.Symbol) ?? []));
            }
        }

        brands.Sort((a, b) => string.CompareOrdinal(a.Brand, b.Brand));
        return new ConsumerView(Encoding.UTF8.GetString(state.IdUtf8), brands);
    }

    private static RelationshipView Of(ConsumerState state, int slot, BrandSnapshot brand, ServerSettings settings, long now, List<DecisionView> decisions)
    {
        DeeplinkStage stage = StageRules.At(state, slot, brand.Rules, now);
        return new RelationshipView(
            brand.Id, Names.Aipl(stage), stage, IntentScore.At(state, slot, brand.Rules, now),
            Behaviours(state, slot, now), Orders(state, slot), Exposures(state, slot, brand, now), Storylines(state, slot, brand, now),
            Caps(state, slot, brand, settings, now), StageHistory(state, slot), decisions);
    }

    private static Dictionary<string, BehaviourView> Behaviours(ConsumerState state, int slot, long now)
    {
        var behaviours = new Dictionary<string, BehaviourView>();
        foreach (EventType type in Enum.GetValues<EventType>())
        {
            long newest = Evidence.NewestEvent(state, slot, type);
            long count = Evidence.CountSince(state, slot, type, now - StateBounds.EvidenceMs);
            if (newest >= 0 || count > 0)
            {
                behaviours[Names.Of(type)] = new BehaviourView(count, newest >= 0 ? newest : null);
            }
        }

        return behaviours;
    }

    private static List<OrderView> Orders(ConsumerState state, int slot)
    {
        var orders = new List<OrderView>();
        foreach (ref readonly OrderEntry order in state.Orders.Items)
        {
            if (order.Slot == slot)
            {
                string status = order.IsWaitingRefund ? "refund_waiting"
                    : order.IsPurchased ? (order.CountsAsPurchase ? "purchased" : "refunded")
                    : order.RefundedAt >= 0 ? "refunded" : "deposit";
                orders.Add(new OrderView(Encoding.UTF8.GetString(state.TextOf(order.Id)), status, order.At, order.Value, order.Refunded));
            }
        }

        orders.Sort((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : string.CompareOrdinal(a.OrderId, b.OrderId));
        return orders;
    }

    private static List<ExposureView> Exposures(ConsumerState state, int slot, BrandSnapshot brand, long now)
    {
        var exposures = new List<ExposureView>();
        foreach (ref readonly ExposureEntry exposure in state.Exposures.Items)
        {
            if (exposure.Slot != slot || !exposure.CountsAt(now))
            {
                continue;
            }

            var interactions = new List<string>();
            for (EventType type = EventType.Impression; type <= EventType.Dismiss; type++)
            {
                if (exposure.Has(type))
                {
                    interactions.Add(Names.Of(type));
                }
            }

            (string? storyline, string? step) = StepName(brand, exposure.Step);
            exposures.Add(new ExposureView(
                exposure.At, brand.Symbols.NameOf(SymbolKind.Campaign, exposure.Campaign), storyline, step,
                brand.Symbols.NameOf(SymbolKind.Creative, exposure.Creative), exposure.IsConfirmed ? "confirmed" : "reserved",
                (exposure.Flags & ExposureFlags.Late) != 0, interactions));
        }

        return exposures;
    }

    /// <summary>The storyline and step behind a step symbol.</summary>
    internal static (string? Storyline, string? Step) StepName(BrandSnapshot brand, int symbol)
    {
        string? name = brand.Symbols.NameOf(SymbolKind.Step, symbol);
        int slash = name?.IndexOf('/') ?? -1;
        return slash < 0 ? (null, null) : (name![..slash], name[(slash + 1)..]);
    }

    private static Dictionary<string, StorylineView> Storylines(ConsumerState state, int slot, BrandSnapshot brand, long now)
    {
        var views = new Dictionary<string, StorylineView>();
        foreach (StorylineSnapshot story in brand.Storylines.Values.OrderBy(s => s.Id, StringComparer.Ordinal))
        {
            StoryProgress progress = StoryProgress.Of(state, slot, story, brand, now);
            if (progress.StartedAt < 0 && !progress.Ended)
            {
                continue;
            }

            var seen = new Dictionary<string, int>();
            foreach (StepSnapshot step in story.Steps)
            {
                if (progress.TimesMet(state, slot, step, EventType.Impression) is > 0 and int times)
                {
                    seen[step.Id] = times;
                }
            }

            views[story.Id] = new StorylineView(
                progress.StartedAt >= 0 ? progress.StartedAt : null, progress.Furthest >= 0 ? story.Steps[progress.Furthest].Id : null,
                progress.CompletedAt >= 0, progress.Ended, seen);
        }

        return views;
    }

    private static List<CapView> Caps(ConsumerState state, int slot, BrandSnapshot brand, ServerSettings settings, long now)
    {
        var views = new List<CapView>();
        Add("server", "", CapRules.AnySlot, CapScope.Brand, 0, settings.Caps);
        Add("brand", brand.Id, slot, CapScope.Brand, 0, brand.Caps);
        foreach (CampaignSnapshot campaign in brand.Campaigns)
        {
            Add("campaign", campaign.Id, slot, CapScope.Campaign, campaign.Symbol, campaign.Caps);
        }

        foreach (StepSnapshot step in brand.StepsBySymbol.OfType<StepSnapshot>())
        {
            Add("step", $"{step.Storyline.Id}/{step.Id}", slot, CapScope.Step, step.Symbol, step.Caps);
        }

        foreach (CreativeSnapshot creative in brand.CreativesBySymbol.OfType<CreativeSnapshot>())
        {
            Add("creative", creative.Id, slot, CapScope.Creative, creative.Symbol, creative.Caps);
        }

        return views;

        void Add(string scope, string id, int slotOrAny, CapScope level, int symbol, CapRule[] caps)
        {
            foreach (CapRule cap in caps)
            {
                int count = CapRules.Count(state, slotOrAny, level, symbol, cap, now);
                if (count > 0)
                {
                    views.Add(new CapView(
                        scope, id, cap.Max, cap.WindowMs == CapRule.Lifetime ? null : cap.WindowMs, count,
                        CapRules.FreeAt(state, slotOrAny, level, symbol, [cap], now)));
                }
            }
        }
    }

    private static List<StageChangeView> StageHistory(ConsumerState state, int slot)
    {
        var changes = new List<StageChangeView>();
        foreach (ref readonly StageChangeEntry change in state.StageChanges.Items)
        {
            if (change.Slot == slot)
            {
                changes.Add(new StageChangeView(change.Instant, change.From, change.To));
            }
        }

        return changes;
    }
}
