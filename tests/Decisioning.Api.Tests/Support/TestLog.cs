using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Decisioning.Api.Tests.Support;

/// <summary>Keeps everything that is logged, as it would be written.</summary>
internal sealed class TestLog : ILoggerProvider
{
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Does something again and again until a line with that text is there.</summary>
    public async Task WaitForAsync(string text, Action meanwhile)
    {
        using CancellationTokenSource patience = new(HubClient.Patience);
        while (!Lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            meanwhile();
            await Task.Delay(1, patience.Token);
        }
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        // Nothing is held: a test looks at the lines after the server has gone.
    }

    private sealed class Category(TestLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Lines.Enqueue($"{logLevel} {name}: {formatter(state, exception)} {exception}");
    }
}
