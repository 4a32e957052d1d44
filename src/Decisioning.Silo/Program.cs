using Decisioning.Server;
using Decisioning.Silo;

return await ServerProgram.RunAsync(args, SiloHosting.Program, Console.Out, Console.Error, CancellationToken.None);
