using Decisioning.Cluster.Storage;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Cluster.Books;

/// <summary>What some rows add to one brand's books: totals, and charges by campaign and local day. Owned by one thread at a time.</summary>
internal sealed class BrandPart(AssetPowers powers, int? accountingDay)
{
    private readonly Dictionary<(int Campaign, int Day), long> _spending = [];
    private BrandTotals? _totals;

    /// <summary>The accounting day whose powers the totals are folded at.</summary>
    public int? AccountingDay => accountingDay;

    public bool IsEmpty => _totals is null && _spending.Count == 0;

    public void Fold(long instant, scoped in Fact fact) => (_totals ??= NewTotals()).Fold(instant, fact);

    public void Charge(int campaign, int day, long amount) => _spending[(campaign, day)] = _spending.GetValueOrDefault((campaign, day)) + amount;

    public byte[] TotalsForm()
    {
        if (_totals is null)
        {
            return [];
        }

        ByteWriter form = new();
        _totals.Write(form);
        return form.Written.ToArray();
    }

    public SpendingLine[] Spending() => [.. _spending.Select(static s => new SpendingLine(s.Key.Campaign, s.Key.Day, s.Value))];

    // A part's ledger is begun at the powers in force, as books are that nothing was folded into yet.
    private BrandTotals NewTotals()
    {
        ServerTotals whole = new();
        if (accountingDay is { } day)
        {
            whole.Of(0).Revalue(powers, day, 0);
        }

        return whole.NewPart().Of(0);
    }
}

/// <summary>Walks rows and tells what they say of brands' books.</summary>
internal static class RowFacts
{
    public delegate void FoldFact(long instant, scoped in Fact fact);

    /// <exception cref="InvalidDataException">The row's payloads cannot be read.</exception>
    public static void Read(in TurnRow row, FoldFact fold)
    {
        foreach (ReadOnlySpan<byte> payload in new RowPayloads(row.Payloads.Span))
        {
            FactReader facts = TurnFacts.Of(payload);
            while (facts.MoveNext())
            {
                if (facts.Current.Kind != FactKind.Calendar)
                {
                    fold(facts.Instant, facts.Current);
                }
            }

            if (facts.Failed)
            {
                throw new InvalidDataException($"The facts of row {row.Number} of epoch {row.Epoch} cannot be read.");
            }
        }
    }
}
