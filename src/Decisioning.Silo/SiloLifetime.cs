namespace Decisioning.Silo;

/// <summary>What was opened for a silo, closed in the opposite order: a silo hands over what it has before its store is closed.</summary>
internal sealed class SiloLifetime : IAsyncDisposable
{
    // Grains leave, the log writes what waits, the parts are handed over: each of them has a bound of its own below this.
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(45);

    private readonly Stack<object> _owned = new();

    public void Own(object part) => _owned.Push(part);

    public async ValueTask DisposeAsync()
    {
        while (_owned.TryPop(out object? part))
        {
            if (part is IHost silo)
            {
                using CancellationTokenSource patience = new(LongestFarewell);
                await silo.StopAsync(patience.Token);
            }

            if (part is IAsyncDisposable closing)
            {
                await closing.DisposeAsync();
            }
            else
            {
                ((IDisposable)part).Dispose();
            }
        }
    }
}
