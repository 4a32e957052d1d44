using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Decisioning.Api.Tests.Support;

/// <summary>Keeps everything that is logged, as it would be written.</summary>
internal sealed class TestLog : ILoggerProvider
{
    private readonly ConcurrentBag<(string Text, TaskCompletionSource Written)> _awaited = [];

    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Done as soon as a line with that text is written from here on.</summary>
    public Task WrittenAsync(string text)
    {
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _awaited.Add((text, written));
        return written.Task.WaitAsync(HubClient.Patience);
    }

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        // Nothing is held: a test looks at the lines after the server has gone.
    }

    private void Write(string line)
    {
        Lines.Enqueue(line);
        foreach ((string text, TaskCompletionSource written) in _awaited)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                written.TrySetResult();
            }
        }
    }

    private sealed class Category(TestLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Write($"{logLevel} {name}: {formatter(state, exception)} {exception}");
    }
}
