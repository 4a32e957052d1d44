using Microsoft.Extensions.FileProviders;

namespace Decisioning.Server;

/// <summary>Serves the page at <c>/</c> and the demo brands' media below <c>/demo/</c> from the folder beside the program.</summary>
internal static class Dashboard
{
    private const string DemoPage = "demo.html";

    // What DemoCatalogue's documents point at: a creative, and where its click leads.
    private static readonly string[] DemoPaths = ["/demo/{brand}/{creative}", "/demo/{brand}/landing/{name}"];

    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; media-src 'self' https:; font-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <param name="app">The server; its guard is already in the pipeline.</param>
    /// <param name="folder">Where the page's files are; a server without them serves the API alone.</param>
    public static void UseDashboard(this WebApplication app, string folder)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        PhysicalFileProvider files = new(folder);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = files,
            OnPrepareResponse = static context => Protect(context.Context.Response.Headers),
        });
        IFileInfo demo = files.GetFileInfo(DemoPage);
        foreach (string path in DemoPaths)
        {
            app.MapGet(path, context => SendPageAsync(context.Response, demo));
        }
    }

    private static async Task SendPageAsync(HttpResponse response, IFileInfo page)
    {
        Protect(response.Headers);
        response.ContentType = "text/html; charset=utf-8";
        await response.SendFileAsync(page);
    }

    private static void Protect(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-cache";
    }
}
