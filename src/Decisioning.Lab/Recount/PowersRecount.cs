using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;

namespace Decisioning.Lab.Recount;

/// <summary>
/// Counts again, consumer by consumer as of the instant of a pass, what the pass counted and a brand's powers come from. A pass looks at one consumer after the other while
/// turns go on: who had a turn between the first position that it names and the last was seen before that turn or after, and counts here as anything from nothing to
/// everything. All others count exactly.
/// </summary>
/// <param name="known">Every brand, deleted ones too.</param>
/// <param name="appraisals">Of each brand that was ever valued.</param>
internal sealed class PowersRecount(CatalogueSnapshot known, IEnumerable<RecountedAppraisal> appraisals)
{
    private const long SpendWindow = 365 * RecountRules.Day;
    private const long ConversionWindow = 30 * RecountRules.Day;

    private readonly Dictionary<int, RecountedAppraisal> _appraisals = appraisals.ToDictionary(a => a.Brand.Symbol);

    public RecountedAppraisal? Of(int brand) => _appraisals.GetValueOrDefault(brand);

    public void Add(ConsumerBook book)
    {
        if (book.IsMark)
        {
            return;
        }

        foreach (RecountedAppraisal appraisal in _appraisals.Values)
        {
            BookedEnd first = EndOf(book, appraisal.Counted.From), last = EndOf(book, appraisal.Counted.To);
            if (first == last && !appraisal.Counted.Market.Any(book.IsCrowded))
            {
                AddSettled(appraisal, book, first);
            }
            else
            {
                AddUnsettled(appraisal, book, last);
            }
        }
    }

    private static BookedEnd EndOf(ConsumerBook book, long position) => book.Positions.FindLastIndex(p => p <= position) is >= 0 and int turn ? book.Ends[turn] : default;

    private void AddSettled(RecountedAppraisal appraisal, ConsumerBook book, BookedEnd end)
    {
        long spend = 0;
        bool met = false;
        foreach (int brand in appraisal.Counted.Market.Where(b => book.IsKnownTo(b, end)))
        {
            met = true;
            spend += SpendOf(EvidenceOf(appraisal, book, end, brand));
        }

        if (met)
        {
            appraisal.AddToMarket(spend, sure: true);
        }

        if (book.IsKnownTo(appraisal.Brand.Symbol, end))
        {
            AddToStages(appraisal, book, end);
        }
    }

    private void AddToStages(RecountedAppraisal appraisal, ConsumerBook book, BookedEnd end)
    {
        BrandEvidence evidence = EvidenceOf(appraisal, book, end, appraisal.Brand.Symbol);
        DeeplinkStage stage = StageRecount.Of(evidence);
        appraisal.AddTo(Names.Aipl(stage), SpendOf(evidence), sure: true);

        bool bought = evidence.Orders.Exists(o => o.Counts && evidence.At - o.PurchasedAt < ConversionWindow);
        List<BookedShift> shifts = [.. book.Shifts.Take(end.Shifts).Where(s => s.Brand == appraisal.Brand.Symbol)];
        if (stage != (shifts.Count == 0 ? DeeplinkStage.None : shifts[^1].To))
        {
            // What time had changed was not published yet: when it changed is not in the journal.
            AddToAnyCohort(appraisal, bought);
            return;
        }

        List<BookedShift> kept = [.. shifts.Where(s => s.From != s.To).TakeLast(RecountRules.StageChanges)];
        int then = kept.FindLastIndex(s => s.Exact <= evidence.At - ConversionWindow);
        if (then >= 0)
        {
            appraisal.AddToCohort(Names.Aipl(kept[then].To), bought, sure: true);
        }
    }

    private static void AddUnsettled(RecountedAppraisal appraisal, ConsumerBook book, BookedEnd end)
    {
        HashSet<int> met = [.. appraisal.Counted.Market.Where(b => book.IsKnownTo(b, end))];
        if (met.Count > 0)
        {
            appraisal.AddToMarket(PaidTo(met), sure: false);
        }

        if (met.Contains(appraisal.Brand.Symbol))
        {
            foreach (Stage stage in Enum.GetValues<Stage>())
            {
                appraisal.AddTo(stage, PaidTo([appraisal.Brand.Symbol]), sure: false);
            }

            AddToAnyCohort(appraisal, bought: true);
        }

        long PaidTo(HashSet<int> brands) =>
            book.Events.Take(end.Events).Where(e => e.Event.Type == EventType.Purchase && brands.Contains(e.Event.Brand)).Sum(e => e.Event.Value);
    }

    private static void AddToAnyCohort(RecountedAppraisal appraisal, bool bought)
    {
        foreach (Stage stage in Enum.GetValues<Stage>())
        {
            appraisal.AddToCohort(stage, bought, sure: false);
        }
    }

    private BrandEvidence EvidenceOf(RecountedAppraisal appraisal, ConsumerBook book, BookedEnd end, int brand) =>
        new(book.Events.Take(end.Events), known.Find(brand)!, appraisal.Counted.At);

    private static long SpendOf(BrandEvidence evidence) =>
        evidence.Orders.Where(o => o.Counts && evidence.At - o.PurchasedAt < SpendWindow).Sum(o => o.Value - o.Refunded);
}
