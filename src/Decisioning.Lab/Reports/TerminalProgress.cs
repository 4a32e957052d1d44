using Spectre.Console;

namespace Decisioning.Lab.Reports;

/// <summary>Bars on the terminal, one for each part of the work, on the error stream.</summary>
internal static class TerminalProgress
{
    public static Task<T> RunAsync<T>(Func<IProgressMeter, Task<T>> work)
    {
        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return terminal.Progress().StartAsync(context => work(new Meter(context)));
    }

    private sealed class Meter(ProgressContext context) : IProgressMeter
    {
        private ProgressTask? _current;

        public void Begin(string title, long total)
        {
            _current?.StopTask();
            _current = context.AddTask(Markup.Escape(title), maxValue: Math.Max(total, 1));
        }

        public void Advance(long by) => _current?.Increment(by);
    }
}
