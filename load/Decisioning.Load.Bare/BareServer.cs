using System.Security.Cryptography;
using System.Text;
using Decisioning.Api.Access;
using Decisioning.Api.Endpoints;
using Decisioning.Api.Tokens;
using Decisioning.Core.Decide;
using Decisioning.Server;
using Decisioning.Server.Options;
using Microsoft.AspNetCore.Builder;

namespace Decisioning.Load.Bare;

/// <summary>The server as it is, on a loopback port of its own, with an address that decides nothing, and one that keeps events and does no more.</summary>
internal static class BareServer
{
    private const string EventsPath = "/v1/events";
    private const int NoLimit = 100_000_000;

    /// <summary>Builds the server; it is not started yet.</summary>
    /// <param name="opened">The host; it outlives the application.</param>
    /// <param name="tokens">Seals and opens decision ids.</param>
    /// <param name="path">Where nothing is decided, whatever else the server has there.</param>
    /// <param name="folder">For the server's files.</param>
    /// <param name="key">The one key, with every role, whose rate no load reaches.</param>
    /// <param name="sample">Decided once; its answer is the answer to everybody. Its consumer is named.</param>
    /// <param name="log">Keeps the events; it outlives the application. Null: the engine does.</param>
    public static async Task<WebApplication> BuildAsync(OpenedHost opened, TokenRing tokens, string path, string folder, string key, DecideCommand sample, BareLog? log = null)
    {
        ServerOptions options = Options(folder, key);
        KeyRing keys = new([.. options.Keys.Select(k => k.ToKey(TimeProvider.System))]);
        RealmHost realm = new(opened.Host, TokenRealm.Live);
        Gate gate = new(keys);
        BareDecisions bare = await BareDecisions.MakeAsync(realm, gate, tokens, new BaseUrls(null), sample);
        WebApplication app = ServerComposition.Build(options, opened, tokens, ServerComposition.PageFolder, TimeProvider.System);
        app.MapPost(path, bare.InvokeAsync).WithOrder(-1);
        if (log is not null)
        {
            app.MapPost(EventsPath, new EventsEndpoint(realm, Roles.Ingest, log.TakeAsync, gate, tokens).InvokeAsync).WithOrder(-1);
        }

        return app;
    }

    private static ServerOptions Options(string folder, string key) => new()
    {
        Urls = [new ListenUrl("127.0.0.1", 0)],
        DataFolder = folder,
        Demo = false,
        PublicUrl = null,
        Hosts = [],
        Origins = [],
        Keys = [new KeyEntry("benchmark", SHA256.HashData(Encoding.UTF8.GetBytes(key)), Roles.All, null, [], NoLimit, NoLimit)],
        Limits = LimitOptions.Default,
    };
}
