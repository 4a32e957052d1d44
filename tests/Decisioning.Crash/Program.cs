using Decisioning.Crash;

// With rounds to run it is a program; without, the test runner's.
return args.Contains("--rounds")
    ? await CrashProgram.RunAsync(args)
    : await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
