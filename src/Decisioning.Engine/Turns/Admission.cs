using Decisioning.Core.Hosting;
using Decisioning.Engine.Residency;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Turns;

/// <summary>Asked before any turn: whether what it may change can be kept. What is refused here has done nothing.</summary>
internal sealed class Admission(ITurnLog log, ResidentGauge gauge, int maxDirty, Action rouse)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private volatile bool _closed;

    /// <exception cref="HostUnavailableException">The disk is behind or refuses, or the host is closing.</exception>
    public void Require()
    {
        long dirty = gauge.Dirty;
        if (dirty > maxDirty / 2)
        {
            rouse();
        }

        if (_closed || dirty >= maxDirty || !log.HasRoom)
        {
            Refuse(dirty);
        }
    }

    /// <summary>Asked before a turn that nobody waits for: half of what may wait for the disk is kept for those of requests.</summary>
    /// <exception cref="HostUnavailableException">As <see cref="Require"/>, or half of it is taken.</exception>
    public void RequireSpare()
    {
        Require();
        if (gauge.Dirty > maxDirty / 2)
        {
            throw new HostUnavailableException("Half of the changed consumers that may wait to be written back do.", Soon);
        }
    }

    /// <summary>From now on nothing is let in.</summary>
    public void Close() => _closed = true;

    private void Refuse(long dirty)
    {
        string reason = _closed ? "The host is closing."
            : dirty >= maxDirty ? "Too many changed consumers are waiting to be written back."
            : log.Trouble is { } trouble ? $"The journal cannot be written: {trouble.Message}"
            : "Too much is waiting for the journal's disk.";
        throw new HostUnavailableException(reason, Soon);
    }
}
