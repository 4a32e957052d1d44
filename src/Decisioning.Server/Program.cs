using Decisioning.Server;

return await ServerProgram.RunAsync(args, HostProgram.Plain(EmbeddedHosting.OpenAsync), Console.Out, Console.Error, CancellationToken.None);
