using Decisioning.Core.Catalogue;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Lab.Recount;

/// <summary>
/// How long consumers had been in the AIPL stages that they left: from the change that brought them in, where it is among the newest that are kept, to the one that
/// took them out. Nobody leaves none, and history that comes in afterwards is no leaving.
/// </summary>
/// <param name="since">Leavings published before this instant are too old, ms since the Unix epoch.</param>
internal sealed class DwellRecount(long since)
{
    private readonly Dictionary<(int Brand, Stage Stage), List<long>> _spent = [];

    /// <summary>Ms spent in a stage by each that left it.</summary>
    public IReadOnlyList<long> Of(int brand, Stage stage) => _spent.GetValueOrDefault((brand, stage)) ?? [];

    public void Add(ConsumerBook book)
    {
        foreach (IGrouping<int, BookedShift> brand in book.Shifts.GroupBy(s => s.Brand))
        {
            List<BookedShift> before = [];
            foreach (BookedShift shift in brand)
            {
                Add(shift, before.TakeLast(RecountRules.StageChanges));
                if (shift.From != shift.To)
                {
                    before.Add(shift);
                }
            }
        }
    }

    private void Add(in BookedShift shift, IEnumerable<BookedShift> kept)
    {
        (Stage from, Stage to) = (Names.Aipl(shift.From), Names.Aipl(shift.To));
        if (from == to || from == Stage.None || shift.Enters || shift.Cause == StageCause.Import || shift.At < since)
        {
            return;
        }

        long[] entered = [.. kept.Where(s => Names.Aipl(s.From) != Names.Aipl(s.To)).Select(s => s.Exact)];
        if (entered.Length > 0)
        {
            (int, Stage) key = (shift.Brand, from);
            (_spent.TryGetValue(key, out List<long>? spent) ? spent : _spent[key] = []).Add(Math.Max(0, shift.Exact - entered[^1]));
        }
    }
}
