// FOLDER BRAND KEY [batch]: serves until its input ends, every decision answered alike, for a brand whose document is the folder's brand.json, events appended to its events.log;
// batch: its threads are scheduled as the engine's are. Prints its address once it serves.

using Decisioning.Api.Tokens;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Background;
using Decisioning.Load.Bare;
using Decisioning.Server;
using Microsoft.AspNetCore.Builder;

if (args is not [string folder, string brand, string key, .. ([] or ["batch"])])
{
    await Console.Error.WriteLineAsync("Usage: FOLDER BRAND KEY [batch]");
    return ExitCodes.BadOptions;
}

if (args.Length > 3 && BatchThreads.Enter() is { } refusal)
{
    await Console.Error.WriteLineAsync($"These are no batch threads: {refusal}");
    return ExitCodes.NotStarted;
}

OpenedHost opened = await EmbeddedHosting.OpenAsync(new HostRequest(folder, TimeProvider.System), CancellationToken.None);
await using IAsyncDisposable lifetime = opened.Lifetime;
byte[] document = await File.ReadAllBytesAsync(Path.Combine(folder, "brand.json"));
CatalogueChange change = await opened.Host.PutBrandAsync(brand, document, null, "load", CancellationToken.None);
if (change.Outcome != CatalogueOutcome.Done)
{
    await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, change.Faults));
    return ExitCodes.BadOptions;
}

DecideCommand sample = new() { ConsumerId = "somebody", Catalogue = opened.Host.Catalogue, Brands = opened.Host.Catalogue.Brands };
sample.Placements.Add(new PlacementCommand
{
    Id = "home-top",
    Channel = "home",
    Formats = 1 << (int)CreativeFormat.Video,
    Size = "640x360",
    Count = 1,
    ConfirmAtDecision = false,
});
using TokenRing tokens = TokenKeyFile.OpenOrCreate(folder);
using BareLog log = new(Path.Combine(folder, "events.log"));
await using WebApplication app = await BareServer.BuildAsync(opened, tokens, "/v1/decisions", folder, key, sample, log);
await app.StartAsync();
Console.WriteLine(app.Urls.First());
await InputEnd.WaitAsync(Console.In);
await app.StopAsync();
return ExitCodes.Done;
