using Decisioning.Core.Consumers;

namespace Decisioning.Core.Aggregate;

public sealed partial class BrandTotals
{
    /// <summary>Of the compact form.</summary>
    public const byte Version = 4;

    /// <summary>The oldest that is read.</summary>
    public const byte OldestVersion = WithoutTrials;

    /// <summary>The version before trials: read on, as books without any.</summary>
    private const byte WithoutTrials = 1;

    /// <summary>The version before appraisals: read on, as powers of which it is not known what they come from.</summary>
    private const byte WithoutAppraisal = 2;

    /// <summary>The version before flat prices were booked: read on, as books without any.</summary>
    private const byte WithoutFees = 3;

    /// <summary>Hours that can be in one form: all that are kept stored.</summary>
    private const int MaxRows = 24 * 800;

    /// <summary>Writes the compact form, the hours in memory with it.</summary>
    public void Write(ByteWriter to)
    {
        to.Byte(Version);
        Figures.Write([Changes, LastInstant, _spend, _revenue, _decisions, _events, _lastEventAt, _droppedBefore], to);
        Figures.Write(_counts, to);
        Figures.Write(_noDecisions, to);
        _delivery.Write(to);
        _ledger.Write(to);
        _dwell.Write(to);
        _impact.Write(to);
        _strip.Write(to);
        to.Varint((ulong)_rows.Count);
        foreach (HourRow row in Rows())
        {
            row.Write(to);
        }

        _trials.Write(to);
        to.Byte((byte)(Appraisal is null ? 0 : 1));
        Appraisal?.Write(to);
        _fees.Write(to);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a form of this version.</exception>
    public static BrandTotals Read(ReadOnlySpan<byte> form)
    {
        var from = new ByteReader(form);
        byte version = from.Byte();
        if (version is not (Version or WithoutFees or WithoutAppraisal or WithoutTrials))
        {
            throw new InvalidDataException($"A brand's books are of version {version}; this program reads version {Version}.");
        }

        Span<long> heads = stackalloc long[8];
        Figures.Read(heads, ref from);
        var totals = new BrandTotals
        {
            Changes = heads[0],
            LastInstant = heads[1],
            _spend = heads[2],
            _revenue = heads[3],
            _decisions = heads[4],
            _events = heads[5],
            _lastEventAt = heads[6],
            _droppedBefore = heads[7],
        };
        Figures.Read(totals._counts, ref from);
        Figures.Read(totals._noDecisions, ref from);
        totals._delivery = DeliveryBook.Read(ref from);
        totals._ledger = AssetLedger.Read(ref from);
        totals._dwell = DwellBook.Read(ref from);
        totals._impact = ImpactBook.Read(ref from);
        totals._strip = ActivityStrip.Read(ref from);
        for (int left = from.Int(MaxRows); left > 0 && !from.Failed; left--)
        {
            HourRow row = HourRow.Read(ref from);
            totals._rows[row.Hour] = row;
        }

        totals._trials = version == WithoutTrials ? totals._trials : TrialBook.Read(ref from);
        totals._ledger.Appraisal = version is Version or WithoutFees && from.Byte() != 0 ? Appraisal.Read(ref from) : null;
        totals._fees = version == Version ? FeeBook.Read(ref from) : totals._fees;
        return from.Failed || !from.AtEnd ? throw new InvalidDataException("A brand's books cannot be read.") : totals;
    }
}
