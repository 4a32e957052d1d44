using Decisioning.Api;
using Decisioning.Api.Access;
using Decisioning.Api.Requests;
using Decisioning.Api.Tokens;
using Decisioning.Server.Options;
using Decisioning.Server.Telemetry;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Decisioning.Server;

/// <summary>Puts host, HTTP room and page into one web application. Nothing in it is taken from the environment: all of it is in the options.</summary>
internal static class ServerComposition
{
    /// <summary>The page's folder in a build.</summary>
    public static string PageFolder { get; } = Path.Combine(AppContext.BaseDirectory, "wwwroot");

    /// <param name="options">Checked.</param>
    /// <param name="opened">The host; it outlives the application.</param>
    /// <param name="tokens">Seals and opens decision ids.</param>
    /// <param name="pageFolder">Where the page's files are.</param>
    /// <param name="clock">Measures the keys' rates and beats for those who watch.</param>
    /// <param name="crowdKey">The demo crowd's own key, beside those configured; null: none.</param>
    /// <param name="stillToDo">As <see cref="ApiParts.StillToDo"/>; null: nothing.</param>
    public static WebApplication Build(
        ServerOptions options, OpenedHost opened, TokenRing tokens, string pageFolder, TimeProvider clock, ApiKey? crowdKey = null, Func<string?>? stillToDo = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "Decisioning.Server",
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Limit(kestrel, options.Limits));
        builder.WebHost.UseUrls([.. options.Urls.Select(u => u.ToString())]);
        builder.Services.AddRoutingCore();
        // A failed start is told by the program itself, in one sentence.
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Extensions.Hosting", LogLevel.None)
            // Heard at any level, it makes an activity and a scope of every request; what a request throws, Kestrel tells.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);

        KeyRing keys = new([.. options.Keys.Select(k => k.ToKey(clock)), .. crowdKey is null ? [] : new[] { crowdKey }]);
        AllowLists lists = new(AllowedHosts(options), options.Origins.Concat(keys.Origins));
        HostMeters meters = new();
        builder.Services.AddSingleton(_ => meters);
        builder.Services.AddDecisioning(new ApiParts
        {
            Host = new MeteredHost(opened.Host, meters),
            Watch = opened.Watch,
            Sandbox = opened.Sandbox,
            Tokens = tokens,
            Keys = keys,
            Lists = lists,
            Clock = clock,
            PublicUrl = options.PublicUrl,
            StillToDo = stillToDo ?? (static () => null),
        });

        WebApplication app = builder.Build();
        app.UseDecisioningGuard(lists);
        app.UseRouting();
        app.UseDashboard(pageFolder);
        app.MapDecisioning();
        return app;
    }

    private static void Limit(KestrelServerOptions kestrel, LimitOptions limits)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = RequestBounds.DrainedBytes;
        kestrel.Limits.MaxConcurrentConnections = limits.Connections;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestHeaderCount = 64;
        kestrel.Limits.MaxRequestLineSize = RequestBounds.RequestLineBytes;
    }

    private static IEnumerable<string> AllowedHosts(ServerOptions options)
    {
        IEnumerable<string> named = options.Urls.Where(u => !u.IsAnyAddress).Select(u => u.Host);
        IEnumerable<string> published = options.PublicUrl is { } url ? [new Uri(url).Host] : [];
        return AllowLists.LoopbackHosts.Concat(named).Concat(published).Concat(options.Hosts);
    }
}
