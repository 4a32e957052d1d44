using Decisioning.Server;
using Decisioning.Silo.Azure;

return await ServerProgram.RunAsync(args, AzureSilo.Program, Console.Out, Console.Error, CancellationToken.None);
