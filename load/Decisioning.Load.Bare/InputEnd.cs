namespace Decisioning.Load.Bare;

/// <summary>The end of a program's input, by which its parent ends it.</summary>
internal static class InputEnd
{
    /// <summary>Waits for a line or the end, with a thread of its own: the console's input cannot be awaited, and whoever asks for it holds a thread of the pool, which has one a core.</summary>
    public static Task WaitAsync(TextReader input) => Task.Factory.StartNew(input.ReadLine, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
