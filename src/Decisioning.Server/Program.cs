using Decisioning.Server;

return await ServerProgram.RunAsync(args, OpenHostAsync, Console.Out, Console.Error, CancellationToken.None);

// A build without the engine says so instead of answering for one.
static ValueTask<OpenedHost> OpenHostAsync(HostRequest request, CancellationToken cancellation) =>
    throw new StartException("this build has no decision engine; it can only make keys.");
