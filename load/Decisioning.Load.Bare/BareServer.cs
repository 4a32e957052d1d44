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

/// <summary>The server as it is, on a loopback port of its own, with an address that decides nothing.</summary>
internal static class BareServer
{
    private const int NoLimit = 100_000_000;

    /// <summary>Builds the server; it is not started yet.</summary>
    /// <param name="opened">The host; it outlives the application.</param>
    /// <param name="tokens">Seals and opens decision ids.</param>
    /// <param name="path">Where nothing is decided, whatever else the server has there.</param>
    /// <param name="folder">For the server's files.</param>
    /// <param name="key">The one key, with every role, whose rate no load reaches.</param>
    /// <param name="sample">Decided once; its answer is the answer to everybody. Its consumer is named.</param>
    public static async Task<WebApplication> BuildAsync(OpenedHost opened, TokenRing tokens, string path, string folder, string key, DecideCommand sample)
    {
        ServerOptions options = Options(folder, key);
        KeyRing keys = new([.. options.Keys.Select(k => k.ToKey(TimeProvider.System))]);
        BareDecisions bare = await BareDecisions.MakeAsync(new RealmHost(opened.Host, TokenRealm.Live), new Gate(keys), tokens, new BaseUrls(null), sample);
        WebApplication app = ServerComposition.Build(options, opened, tokens, ServerComposition.PageFolder, TimeProvider.System);
        app.MapPost(path, bare.InvokeAsync).WithOrder(-1);
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
