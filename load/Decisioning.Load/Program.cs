using Decisioning.Load;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // Whoever presses twice does not want to wait for what was measured.
    pressed.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
};
return await LoadProgram.RunAsync(args, Console.Out, Console.Error, stop.Token);
