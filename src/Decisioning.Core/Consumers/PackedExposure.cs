using System.Runtime.InteropServices;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

/// <summary>An exposure in 22 bytes: symbols in 24 bits, the instant as milliseconds before a latest one.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly struct PackedExposure
{
    /// <summary>Ms before the latest 32 | ordinal 32.</summary>
    private readonly ulong _identity;

    /// <summary>Campaign 24 | step 24 | slot 8 | interactions 8.</summary>
    private readonly ulong _place;

    /// <summary>Creative 24 | flags 4 | stage 4.</summary>
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
        checked((uint)(latest - entry.At)) | (ulong)entry.Ordinal << 32,
        (uint)entry.Campaign | (ulong)(uint)entry.Step << 24 | (ulong)(uint)entry.Slot << 48 | (ulong)entry.Interactions << 56,
        (uint)entry.Creative | (uint)entry.Flags << 24 | (uint)entry.Stage << 28,
        entry.IsConfirmed ? entry.ChannelMark : (ushort)entry.ReserveSeconds);

    public void CopyTo(ref ExposureEntry entry, long latest)
    {
        const uint symbol = 0xFF_FFFF;
        entry.At = latest - (uint)_identity;
        entry.Ordinal = (uint)(_identity >> 32);
        entry.Campaign = (int)(_place & symbol);
        entry.Step = (int)((_place >> 24) & symbol);
        entry.Slot = (byte)(_place >> 48);
        entry.Interactions = (byte)(_place >> 56);
        entry.Creative = (int)(_kind & symbol);
        entry.Flags = (ExposureFlags)((_kind >> 24) & 0xF);
        entry.Stage = (DeeplinkStage)(_kind >> 28);
        entry.ReserveSeconds = entry.IsConfirmed ? 0 : _reserveOrChannel;
        entry.ChannelMark = entry.IsConfirmed ? _reserveOrChannel : ChannelMark.None;
    }
}
