using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Decisioning.Tests.Common;

namespace Decisioning.Load.Tests.Support;

/// <summary>A server on the loopback that answers what it was told to; 404 for everything else.</summary>
internal sealed class StubServer : IDisposable
{
    private readonly HttpListener _listener = new();

    public StubServer()
    {
        Url = new Uri($"http://127.0.0.1:{Loopback.FreePort()}/");
        _listener.Prefixes.Add(Url.AbsoluteUri);
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>Bodies of 200 by path.</summary>
    public ConcurrentDictionary<string, string> Answers { get; } = [];

    /// <summary>Statuses that are answered first, whatever is asked.</summary>
    public ConcurrentQueue<HttpStatusCode> First { get; } = [];

    /// <summary>Paths whose requests are never answered.</summary>
    public HashSet<string> Silent { get; init; } = [];

    /// <summary>What was asked: method, path and body.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using StreamReader body = new(context.Request.InputStream);
            Asked.Enqueue($"{context.Request.HttpMethod} {context.Request.Url!.AbsolutePath} {await body.ReadToEndAsync()}");
            if (Silent.Contains(context.Request.Url!.AbsolutePath))
            {
                continue;
            }

            string? answer = null;
            context.Response.StatusCode = (int)(First.TryDequeue(out HttpStatusCode first) ? first
                : Answers.TryGetValue(context.Request.Url!.AbsolutePath, out answer) ? HttpStatusCode.OK : HttpStatusCode.NotFound);
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer ?? "{}"));
            context.Response.Close();
        }
    }
}
