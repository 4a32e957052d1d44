using Decisioning.Load;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
return await LoadProgram.RunAsync(args, Console.Out, Console.Error, stop.Token);
