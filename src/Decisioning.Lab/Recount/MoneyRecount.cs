using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;
using Decisioning.Engine.Storage;

namespace Decisioning.Lab.Recount;

/// <summary>Adds up what every journalled turn charged, campaign by campaign, up to a position.</summary>
/// <param name="upTo">Position of the last record that counts.</param>
internal sealed class MoneyRecount(CatalogueSnapshot catalogue, long upTo)
{
    private readonly SortedDictionary<(int Brand, int Campaign), Spending> _spending = [];

    /// <summary>What each campaign spent in all and on its newest day with a charge, micros.</summary>
    public IReadOnlyDictionary<(int Brand, int Campaign), Spending> Campaigns => _spending;

    /// <summary>Instant of the newest record that counts, ms since the Unix epoch; 0: there is none.</summary>
    public long Newest { get; private set; }

    /// <summary>Takes in a record, in the order of the journal.</summary>
    public void Add(in TurnRecord record)
    {
        if (record.Position > upTo)
        {
            return;
        }

        long at = record.Head.Instant;
        Newest = Math.Max(Newest, at);
        PayloadReader.Read(
            record.Payload.Span,
            (_, charge) => Add(charge.Brand, charge.Campaign, charge.AmountMicros, at),
            (decision, _) =>
            {
                foreach (RecordedDraw draw in decision.Draws)
                {
                    Add(draw.Decision.Brand, draw.Decision.Campaign, draw.ChargedMicros, at);
                }
            });
    }

    private void Add(int brand, int campaign, long amount, long at)
    {
        if (amount == 0)
        {
            return;
        }

        int? day = catalogue.Find(brand)?.Calendar.DayOf(at);
        Spending before = _spending.GetValueOrDefault((brand, campaign), new Spending(0, null, 0));
        _spending[(brand, campaign)] = new Spending(
            before.Total + amount,
            before.Day is null || day > before.Day ? day : before.Day,
            before.Day is null || day > before.Day ? amount : day == before.Day ? before.Today + amount : before.Today);
    }
}

/// <param name="Day">The newest local day with a charge, counted from 1970-01-01; null where the brand is gone.</param>
/// <param name="Today">Of that day.</param>
internal readonly record struct Spending(long Total, int? Day, long Today);
