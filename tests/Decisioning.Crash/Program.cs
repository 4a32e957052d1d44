using Decisioning.Crash;

// With rounds to run it is a program, told to serve it is a server; else the test runner's.
return args.Contains("--rounds") ? await CrashProgram.RunAsync(args)
    : args is [EagerServer.Command, ..] ? await EagerServer.RunAsync(args[1..])
    : await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
