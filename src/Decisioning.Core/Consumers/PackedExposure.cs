using System.Runtime.InteropServices;

namespace Decisioning.Core.Consumers;

/// <summary>An exposure in 22 bytes: symbols in 24 bits, the instant as milliseconds before a latest one.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly struct PackedExposure
{
    /// <summary>Ms before the latest 32 | ordinal 32.</summary>
    private readonly ulong _identity;

    /// <summary>As <see cref="ExposureEntry.Place"/>.</summary>
    private readonly ulong _place;

    /// <summary>As <see cref="ExposureEntry.Kind"/>.</summary>
    private readonly uint _kind;

    /// <summary>Seconds of a reservation, the channel's mark of what is confirmed: no entry has both.</summary>
    private readonly ushort _reserveOrChannel;

    private PackedExposure(ulong identity, ulong place, uint kind, ushort reserveOrChannel)
    {
        _identity = identity;
        _place = place;
        _kind = kind;
        _reserveOrChannel = reserveOrChannel;
    }

    /// <param name="entry">At most 2^32 ms before <paramref name="latest"/>.</param>
    /// <param name="latest">Instant that none lies after.</param>
    public static PackedExposure Of(in ExposureEntry entry, long latest) => new(
        checked((uint)(latest - entry.At)) | (ulong)entry.Ordinal << 32, entry.Place, entry.Kind,
        entry.IsConfirmed ? entry.ChannelMark : (ushort)entry.ReserveSeconds);

    public ExposureEntry Unpack(long latest)
    {
        var entry = new ExposureEntry(latest - (uint)_identity, (uint)(_identity >> 32), _place, _kind);
        if (entry.IsConfirmed)
        {
            entry.ChannelMark = _reserveOrChannel;
        }
        else
        {
            entry.ReserveSeconds = _reserveOrChannel;
        }

        return entry;
    }
}
