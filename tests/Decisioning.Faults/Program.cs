using Decisioning.Faults;

return await FaultsProgram.RunAsync(args, Console.Out, Console.Error);
