using Decisioning.Cluster.Storage;
using Decisioning.Core.Hosting;

namespace Decisioning.Cluster.Turns;

/// <summary>
/// Reads consumers for the activations of a silo: those that come while one statement is on its way are read by the next, together. Safe for concurrent use.
/// </summary>
internal sealed class ConsumerLoader(IClusterStore store)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Reading> _waiting = [];
    private int _keys;
    private int _flying;

    /// <summary>Statements on their way at once: while one is answered, the next is asked.</summary>
    private const int Most = 2;

    /// <summary>Reads a consumer as it stands in the store at some instant after the call.</summary>
    /// <exception cref="HostUnavailableException">Too many wait to be read.</exception>
    public Task<StoredConsumer> ReadAsync(ulong key)
    {
        Reading reading;
        lock (_gate)
        {
            if (_keys >= ClusterBounds.WaitingReads)
            {
                throw new HostUnavailableException("Too many consumers are waiting to be read.", ClusterBounds.Soon);
            }

            if (_waiting.Last?.Value is not { } last || last.Keys.Count >= ClusterBounds.ReadBatch)
            {
                last = _waiting.AddLast(new Reading()).Value;
            }

            reading = last;
            _keys += reading.Keys.TryAdd(key, reading.Keys.Count) ? 1 : 0;
            if (_flying < Most)
            {
                _flying++;
                _ = Task.Run(ReadAllAsync);
            }
        }

        return PickAsync(reading, key);
    }

    private static async Task<StoredConsumer> PickAsync(Reading reading, ulong key) => (await reading.Read.Task)[reading.Keys[key]];

    private async Task ReadAllAsync()
    {
        while (Next() is { } reading)
        {
            try
            {
                ulong[] keys = [.. reading.Keys.OrderBy(static k => k.Value).Select(static k => k.Key)];
                reading.Read.SetResult(await store.ReadConsumersAsync(keys, CancellationToken.None));
            }
            catch (Exception e)
            {
                reading.Read.SetException(e);
            }
        }
    }

    private Reading? Next()
    {
        lock (_gate)
        {
            if (_waiting.First?.Value is not { } first)
            {
                _flying--;
                return null;
            }

            _waiting.RemoveFirst();
            _keys -= first.Keys.Count;
            return first;
        }
    }

    private sealed class Reading
    {
        /// <summary>By key, its position in the statement.</summary>
        public Dictionary<ulong, int> Keys { get; } = [];

        public TaskCompletionSource<IReadOnlyList<StoredConsumer>> Read { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
