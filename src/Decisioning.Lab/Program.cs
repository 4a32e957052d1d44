using Decisioning.Lab;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
return await LabProgram.RunAsync(args, Console.Out, Console.Error, stop.Token);
