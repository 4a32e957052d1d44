using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>A turn log as a list: what a log that was given the same work must hold.</summary>
internal sealed class TurnLogModel
{
    private const int OffsetBits = 24;

    private readonly List<Entry> _entries = [];
    private long _instant = 1_000;

    public long LastPosition { get; private set; }

    public void Append(ITurnLog log, Random random)
    {
        _instant += random.Next(-3, 10);
        var head = new TurnHead((TurnKind)random.Next(1, 4), (ulong)random.NextInt64(long.MinValue, long.MaxValue), (uint)random.Next(), _instant, random.NextInt64());
        byte[] payload = new byte[random.Next(10) == 0 ? random.Next(40_000) : random.Next(400)];
        random.NextBytes(payload);
        long position = log.Append(head, payload, urgent: random.Next(2) == 0);
        Assert.True(position > LastPosition);
        LastPosition = position;
        _entries.Add(new Entry(position, head, payload));
    }

    public long AnyPosition(Random random) => _entries.Count == 0 ? 0 : _entries[random.Next(_entries.Count)].Position;

    public async Task WaitForAsync(ITurnLog log, long position)
    {
        await log.WhenDurableAsync(position, TestContext.Current.CancellationToken);
        Assert.True(log.DurablePosition >= position);
    }

    public void CheckRead(ITurnLog log, long position)
    {
        if (position > log.DurablePosition)
        {
            return;
        }

        Entry? expected = _entries.Find(e => e.Position == position);
        TurnRecord? actual = log.Read(position);
        Assert.Equal(expected is { Head.Kind: not TurnKind.Scrubbed }, actual is not null);
        if (actual is { } record)
        {
            Same(expected!, record);
        }
    }

    public void CheckReadAfter(ITurnLog log, long position)
    {
        Entry[] expected = [.. _entries.Where(e => e.Position > position)];
        TurnRecord[] actual = [.. log.ReadAfter(position)];
        Assert.Equal(expected.Select(e => e.Position), actual.Select(r => r.Position));
        foreach ((Entry entry, TurnRecord record) in expected.Zip(actual))
        {
            Same(entry, record);
        }
    }

    public async Task ScrubAsync(ITurnLog log, Random random)
    {
        int[] chosen = [.. Enumerable.Range(0, _entries.Count).Where(_ => random.Next(30) == 0)];
        await log.ScrubAsync([.. chosen.Select(i => _entries[i].Position)], TestContext.Current.CancellationToken);
        foreach (int i in chosen)
        {
            _entries[i] = _entries[i] with { Head = _entries[i].Head with { Kind = TurnKind.Scrubbed }, Payload = new byte[_entries[i].Payload.Length] };
        }
    }

    public async Task TrimAsync(ITurnLog log, Random random)
    {
        await WaitForAsync(log, LastPosition);
        long beforeInstant = _instant - random.Next(100);
        long upTo = AnyPosition(random);
        await log.TrimAsync(beforeInstant, upTo, TestContext.Current.CancellationToken);
        long limit = Math.Min(upTo, LastPosition) >> OffsetBits;
        foreach (IGrouping<long, Entry> block in _entries.GroupBy(e => e.Position >> OffsetBits).ToList())
        {
            if (block.Key >= limit || block.Max(e => e.Head.Instant) >= beforeInstant)
            {
                break;
            }

            _entries.RemoveAll(e => e.Position >> OffsetBits == block.Key);
        }

        CheckReadAfter(log, 0);
    }

    private static void Same(Entry expected, TurnRecord actual)
    {
        Assert.Equal(expected.Position, actual.Position);
        Assert.Equal(expected.Head, actual.Head);
        Assert.True(actual.Payload.Span.SequenceEqual(expected.Payload));
    }

    private sealed record Entry(long Position, TurnHead Head, byte[] Payload);
}
