using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Aggregate;

/// <summary>
/// One brand's books: everything that its consumers' turns added up to, by symbol. Folded from facts, merged from parts; parts that are folded apart merge to what one
/// fold gives, as long as no bound is reached. Owned by one thread at a time.
/// </summary>
public sealed partial class BrandTotals
{
    private const int StageCount = (int)DeeplinkStage.Keen + 1;

    private readonly long[] _counts = new long[StageCount];
    private readonly SortedDictionary<long, HourRow> _rows = [];
    private readonly long[] _noDecisions = new long[Decide.NoDecisionReasons.All.Count];
    private DeliveryBook _delivery = new();
    private AssetLedger _ledger = new();
    private DwellBook _dwell = new();
    private ImpactBook _impact = new();
    private TrialBook _trials = new();
    private ActivityStrip _strip = new();
    private HourRow? _current;
    private long _spend;
    private long _revenue;
    private long _decisions;
    private long _events;
    private long _lastEventAt;
    private long _droppedBefore;
    private long _changedFrom = long.MaxValue;

    /// <summary>Consumers by <see cref="DeeplinkStage"/>.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Grows with everything that is folded or merged in.</summary>
    public long Changes { get; private set; }

    /// <summary>Instant of the newest turn folded in, ms since the Unix epoch.</summary>
    public long LastInstant { get; private set; }

    /// <summary>The powers in force; see <see cref="Revalue"/>.</summary>
    public AssetPowers Powers => _ledger.Powers;

    /// <summary>The local day whose powers are in force, counted from 1970-01-01; null before the first valuation.</summary>
    public int? AccountingDay => _ledger.AccountingDay;

    /// <summary>What the powers in force come from; null before the first valuation, and where books of an older form did not keep it.</summary>
    public Appraisal? Appraisal => _ledger.Appraisal;

    /// <summary>What the brand's consumers are worth at the powers in force: the sum of the ledger.</summary>
    public long AssetsMicros => _ledger.Value;

    /// <summary>Takes in one fact of the brand.</summary>
    /// <param name="instant">The turn's instant.</param>
    public void Fold(long instant, scoped in Fact fact)
    {
        HourRow row = Begin(instant, 1);
        switch (fact.Kind)
        {
            case FactKind.Stage:
                FoldStage(instant, row, fact);
                break;
            case FactKind.Known:
                _counts[(int)DeeplinkStage.None]++;
                MovesOf(row).Add(HourSum.Known, 1);
                break;
            case FactKind.Erased:
                FoldErased(instant, row, fact);
                break;
            case FactKind.Asked or FactKind.Funnel:
                AddSearch(row, fact, 1);
                break;
            case FactKind.Won:
                FoldWon(instant, row, fact);
                break;
            case FactKind.NoDecision:
                _noDecisions[(int)fact.Reason] += fact.Count;
                row.AddNoDecision(fact.Reason, fact.Count);
                break;
            case FactKind.Interaction:
                FoldInteraction(instant, row, fact);
                break;
            case FactKind.Event:
                FoldEvent(instant, row);
                break;
            default:
                FoldMoney(instant, row, fact);
                break;
        }
    }

    /// <summary>Takes in one fact of a search that came so many times within an hour: as <see cref="Fold"/>, so many times.</summary>
    /// <param name="instant">That of the newest of the turns.</param>
    internal void FoldSearch(long instant, scoped in Fact fact, long times) => AddSearch(Begin(instant, times), fact, times);

    /// <summary>Adds another part of the same brand's books.</summary>
    public void Merge(BrandTotals other)
    {
        Changes += other.Changes;
        LastInstant = Math.Max(LastInstant, other.LastInstant);
        Figures.Add(_counts, other._counts);
        Figures.Add(_noDecisions, other._noDecisions);
        foreach ((long hour, HourRow more) in other._rows)
        {
            HourRow row = RowAt(hour);
            row.MergeSums(more);
            MovesOf(row).MergeMoves(more);
        }

        _delivery.Merge(other._delivery);
        _ledger.Merge(other._ledger);
        _dwell.Merge(other._dwell);
        _impact.Merge(other._impact);
        _trials.Merge(other._trials);
        _fees.Merge(other._fees);
        _strip.Merge(other._strip);
        _spend += other._spend;
        _revenue += other._revenue;
        _decisions += other._decisions;
        _events += other._events;
        _lastEventAt = Math.Max(_lastEventAt, other._lastEventAt);
    }

    /// <summary>
    /// Values the consumers anew: books the difference as a line and sets the powers that moves are booked at from here on. Parts still to be merged must have been
    /// folded under the powers before, so merge them first.
    /// </summary>
    /// <param name="powers">What one consumer of each stage is worth from now on.</param>
    /// <param name="accountingDay">The local day, counted from 1970-01-01.</param>
    /// <param name="instant">When, ms since the Unix epoch.</param>
    /// <param name="appraisal">What the powers were worked out from, where that is known.</param>
    public void Revalue(AssetPowers powers, int accountingDay, long instant, Appraisal? appraisal = null)
    {
        long delta = 0;
        for (int stage = 0; stage < StageCount; stage++)
        {
            delta += _counts[stage] * (powers.Of((DeeplinkStage)stage) - _ledger.Powers.Of((DeeplinkStage)stage));
        }

        Changes++;
        _ledger.Powers = powers;
        _ledger.AccountingDay = accountingDay;
        _ledger.Appraisal = appraisal;
        _ledger.Add(new LedgerLine(instant, StageCause.Valuation, ChannelMark.None, 0, FlowEnd.None, FlowEnd.None, delta));
        RowAt(instant).Add(HourSum.AssetsDelta, delta);
    }

    /// <summary>Keeps the net moves of a day that is over, with the hour of an instant.</summary>
    public void SetNet(NetMatrix net, long instant)
    {
        Changes++;
        RowAt(instant).Net = net;
    }

    /// <summary>The hours in memory, oldest first, each with its levels.</summary>
    public IReadOnlyCollection<HourRow> Rows()
    {
        Span<long> levels = stackalloc long[StageCount];
        _counts.CopyTo(levels);
        foreach (HourRow row in _rows.Values.Reverse())
        {
            row.Settle(levels);
        }

        return _rows.Values;
    }

    /// <summary>
    /// The oldest hour that anything was added to since this was last asked, ms since the Unix epoch; <see cref="long.MaxValue"/>: none. Turns of different consumers come
    /// in almost the order of their instants, so that may be an hour before the newest; sums change in that row, levels in every one from there on.
    /// </summary>
    public long TakeChangedFrom()
    {
        long from = _changedFrom;
        _changedFrom = long.MaxValue;
        return from;
    }

    /// <summary>
    /// Lets go of the hours that began over <see cref="BookBounds.KeptHours"/> before an instant and that nothing was added to since the host took them to be
    /// stored. What comes later for one of them makes a row that is a part, which no host stores by itself: it stays for as long as rows are kept at all. Only consumers'
    /// moves are not in it: they count in the oldest hour that is left.
    /// </summary>
    public void DropRows(long instant)
    {
        _droppedBefore = Math.Max(_droppedBefore, instant - BookBounds.KeptHours * StateBounds.MillisecondsPerHour);
        long partsBefore = _droppedBefore - MaxRows * StateBounds.MillisecondsPerHour;
        foreach (HourRow row in _rows.Values.TakeWhile(r => r.Hour < _droppedBefore && r.Hour < _changedFrom).Where(r => !r.IsPart || r.Hour < partsBefore).ToArray())
        {
            _rows.Remove(row.Hour);
            _current = null;
        }
    }

    /// <summary>Takes over the powers of the books that this part will be merged into.</summary>
    internal void Follow(AssetPowers powers, int? accountingDay)
    {
        _ledger.Powers = powers;
        _ledger.AccountingDay = accountingDay;
    }

    /// <returns>The row of what is now taken in.</returns>
    private HourRow Begin(long instant, long facts)
    {
        Changes += facts;
        LastInstant = Math.Max(LastInstant, instant);
        return RowAt(instant);
    }

    private void AddSearch(HourRow row, scoped in Fact fact, long times)
    {
        if (fact.Kind == FactKind.Asked)
        {
            row.Add(HourSum.Requests, fact.Count * times);
        }
        else
        {
            _delivery.Funnel(fact, times);
        }
    }

    private HourRow RowAt(long instant)
    {
        long hour = instant - instant % StateBounds.MillisecondsPerHour;
        _changedFrom = Math.Min(_changedFrom, hour);
        if (_current?.Hour == hour)
        {
            return _current;
        }

        if (!_rows.TryGetValue(hour, out HourRow? row))
        {
            _rows[hour] = row = new HourRow(hour, hour < _droppedBefore);
        }

        return _current = row;
    }

    /// <summary>
    /// Where consumers' moves are booked: in the row itself, or, of an hour that has been let go of, in the oldest one that cannot have been. A move changes the levels of every hour from
    /// its own on, and those of stored hours stay what they are.
    /// </summary>
    private HourRow MovesOf(HourRow row) =>
        row.IsPart ? RowAt((_droppedBefore + StateBounds.MillisecondsPerHour - 1) / StateBounds.MillisecondsPerHour * StateBounds.MillisecondsPerHour) : row;

    private void FoldStage(long instant, HourRow row, scoped in Fact fact)
    {
        _counts[(int)fact.To]++;
        DeeplinkStage from = fact.Has(FactFlags.Enters) ? DeeplinkStage.None : fact.From;
        if (!fact.Has(FactFlags.Enters))
        {
            _counts[(int)fact.From]--;
        }

        bool import = fact.Cause == StageCause.Import;
        HourRow moves = MovesOf(row);
        if (import && !fact.Has(FactFlags.Enters))
        {
            moves.AddFlow((FlowEnd)fact.From, FlowEnd.Imported, 1);
        }

        moves.AddFlow(import ? FlowEnd.Imported : (FlowEnd)from, (FlowEnd)fact.To, 1);
        if (!import && fact.Previous >= 0 && Names.Aipl(from) != Names.Aipl(fact.To) && from != DeeplinkStage.None)
        {
            _dwell.Add((int)(instant / StateBounds.MillisecondsPerDay), Names.Aipl(from), Math.Max(0, fact.At - fact.Previous));
        }

        var line = new LedgerLine(
            instant, fact.Cause, fact.ChannelMark, fact.Creative, fact.Has(FactFlags.Enters) ? FlowEnd.Imported : (FlowEnd)from, (FlowEnd)fact.To, 0);
        row.Add(HourSum.AssetsDelta, _ledger.Move(line, from, fact.To));
    }

    private void FoldErased(long instant, HourRow row, scoped in Fact fact)
    {
        _counts[(int)fact.From]--;
        MovesOf(row).AddFlow((FlowEnd)fact.From, FlowEnd.Erased, 1);
        var line = new LedgerLine(instant, StageCause.Erasure, ChannelMark.None, 0, (FlowEnd)fact.From, FlowEnd.Erased, 0);
        row.Add(HourSum.AssetsDelta, _ledger.Move(line, fact.From, DeeplinkStage.None));
    }

    private void FoldWon(long instant, HourRow row, scoped in Fact fact)
    {
        _delivery.Won(fact);
        row.Add(fact.Has(FactFlags.Ghost) ? HourSum.Ghosts : HourSum.Won, 1);
        if (fact.Has(FactFlags.Enters))
        {
            _trials.Enter(fact);
        }

        if (!fact.Has(FactFlags.Ghost))
        {
            _decisions++;
            _strip.Add(instant, 0, 1);
            FoldShown(instant, row, fact);
        }
    }

    private void FoldInteraction(long instant, HourRow row, scoped in Fact fact)
    {
        FoldEvent(instant, row);
        _delivery.Interaction(fact);
        FoldShown(instant, row, fact);
        HourSum? kind = fact.Type switch
        {
            EventType.Viewable => HourSum.Viewable,
            EventType.Watched => HourSum.Watched,
            EventType.Skip => HourSum.Skips,
            EventType.Click => HourSum.Clicks,
            EventType.Engage => HourSum.Engagements,
            EventType.Dismiss => HourSum.Dismissals,
            _ => null,
        };
        if (kind is { } sum && !fact.Has(FactFlags.Elsewhere))
        {
            row.Add(sum, 1);
        }
    }

    private void FoldShown(long instant, HourRow row, scoped in Fact fact)
    {
        _spend += fact.ChargedMicros;
        row.Add(HourSum.Spend, fact.ChargedMicros);
        row.Add(HourSum.Rendered, fact.Has(FactFlags.Renders) ? 1 : 0);
        row.Add(HourSum.Late, fact.Has(FactFlags.Late) ? 1 : 0);
        if (fact.Has(FactFlags.FirstOfBrand))
        {
            row.Add(HourSum.Exposed, 1);
            _impact.AddExposed(instant);
        }
    }

    private void FoldEvent(long instant, HourRow row)
    {
        _events++;
        _lastEventAt = Math.Max(_lastEventAt, instant);
        _strip.Add(instant, 1, 0);
        row.Add(HourSum.Events, 1);
    }

    private void FoldMoney(long instant, HourRow row, scoped in Fact fact)
    {
        switch (fact.Kind)
        {
            case FactKind.Purchase:
                _revenue += fact.ValueMicros;
                break;
            case FactKind.Refund:
                _revenue -= fact.ValueMicros;
                row.Add(HourSum.Refunds, fact.ValueMicros);
                break;
            case FactKind.Credit when fact.Type == EventType.Purchase:
                _delivery.Add(fact);
                row.Add(HourSum.Conversions, fact.WeightMicros);
                break;
            case FactKind.Credit:
                _delivery.Add(fact);
                row.Add(HourSum.Credits, fact.WeightMicros);
                _impact.AddCredit(instant, fact.WeightMicros);
                break;
            case FactKind.Organic when fact.Type != EventType.Purchase:
                row.Add(HourSum.Organic, fact.WeightMicros);
                _impact.AddOrganic(instant, fact.WeightMicros);
                break;
            case FactKind.Trial:
                _trials.Add(fact);
                break;
            case FactKind.LateTouch:
                row.Add(HourSum.LateTouches, 1);
                _impact.AddLate(instant);
                break;
        }

        row.Add(HourSum.Revenue, fact.Kind == FactKind.Purchase ? fact.ValueMicros : 0);
    }
}
