using Decisioning.Server;

return await ServerProgram.RunAsync(args, EmbeddedHosting.OpenAsync, Console.Out, Console.Error, CancellationToken.None);
