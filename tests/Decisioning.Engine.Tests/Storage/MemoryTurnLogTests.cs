using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>The journal in memory under the common contract, and its bound.</summary>
public sealed class MemoryTurnLogTests : TurnLogContract
{
    [Fact]
    public void Forgets_its_oldest_records_past_its_bound()
    {
        var log = new MemoryTurnLog(mostBytes: 1 << 20);
        byte[] payload = new byte[1_000];
        long first = log.Append(new TurnHead(TurnKind.Turn, 1, 1, 1, 0), payload, urgent: true);
        for (uint i = 2; i <= 5_000; i++)
        {
            log.Append(new TurnHead(TurnKind.Turn, 1, i, i, 0), payload, urgent: true);
        }

        TurnRecord[] kept = [.. log.ReadAfter(first)];
        Assert.Null(log.Read(first));
        Assert.InRange(kept.Sum(r => r.Payload.Length), 900_000, 1 << 20);
        Assert.Equal(5_000u, kept[^1].Head.Sequence);
    }

    protected override ITurnLog Open() => new MemoryTurnLog();

    protected override Task<ITurnLog> ReopenAsync(ITurnLog log) => Task.FromResult(log);
}
