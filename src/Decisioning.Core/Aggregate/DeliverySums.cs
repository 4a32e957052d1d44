using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Aggregate;

/// <summary>The running sums behind a <see cref="Delivery"/>.</summary>
internal sealed class DeliverySums
{
    private enum Figure { Won, Rendered, Viewable, Watched, Skips, Clicks, Engagements, Dismissals, Late, Conversions, Revenue, Credits, Spend }

    private readonly long[] _figures = new long[(int)Figure.Spend + 1];

    public long Rendered => this[Figure.Rendered];

    /// <summary>Takes in a win that is no ghost, an interaction or a credit.</summary>
    public void Add(scoped in Fact fact)
    {
        switch (fact.Kind)
        {
            case FactKind.Won:
                this[Figure.Won]++;
                AddShown(fact);
                break;
            case FactKind.Interaction:
                AddShown(fact);
                AddInteraction(fact.Type);
                break;
            case FactKind.Credit when fact.Type == EventType.Purchase:
                this[Figure.Conversions] += fact.WeightMicros;
                this[Figure.Revenue] += fact.ValueMicros;
                break;
            case FactKind.Credit:
                this[Figure.Credits] += fact.WeightMicros;
                break;
        }
    }

    public void Merge(DeliverySums other) => Figures.Add(_figures, other._figures);

    public void Write(ByteWriter to) => Figures.Write(_figures, to);

    public static DeliverySums Read(ref ByteReader from)
    {
        var read = new DeliverySums();
        Figures.Read(read._figures, ref from);
        return read;
    }

    public Delivery ToDelivery() => new(
        this[Figure.Won], this[Figure.Rendered], this[Figure.Viewable], this[Figure.Watched], this[Figure.Skips], this[Figure.Clicks],
        this[Figure.Engagements], this[Figure.Dismissals], this[Figure.Late], this[Figure.Conversions], this[Figure.Revenue], this[Figure.Credits],
        this[Figure.Spend]);

    private ref long this[Figure figure] => ref _figures[(int)figure];

    private void AddShown(scoped in Fact fact)
    {
        this[Figure.Rendered] += fact.Has(FactFlags.Renders) ? 1 : 0;
        this[Figure.Late] += fact.Has(FactFlags.Late) ? 1 : 0;
        this[Figure.Spend] += fact.ChargedMicros;
    }

    private void AddInteraction(EventType type)
    {
        switch (type)
        {
            case EventType.Viewable:
                this[Figure.Viewable]++;
                break;
            case EventType.Watched:
                this[Figure.Watched]++;
                break;
            case EventType.Skip:
                this[Figure.Skips]++;
                break;
            case EventType.Click:
                this[Figure.Clicks]++;
                break;
            case EventType.Engage:
                this[Figure.Engagements]++;
                break;
            case EventType.Dismiss:
                this[Figure.Dismissals]++;
                break;
        }
    }
}
