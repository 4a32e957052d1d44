using System.Net;

namespace Decisioning.Faults;

/// <summary>
/// What a reverse proxy before the silos does: a call goes to the silo that the header Decisioning-Consumer points at, else to any; one that fails, or is refused
/// with 503, goes on to the next silo, and a silo that failed is passed over for a while.
/// </summary>
internal sealed class Ingress(IReadOnlyList<Uri> silos, Tally tally) : HttpMessageHandler
{
    public const string Header = "Decisioning-Consumer";

    private const int Tries = 3;

    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PassedOver = TimeSpan.FromSeconds(2);

    private readonly AsyncLocal<string?> _consumer = new();
    private readonly long[] _downUntil = new long[silos.Count];
    private readonly HttpMessageInvoker _line = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromMilliseconds(500),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
    });

    private int _next;

    /// <summary>Whom the caller's next calls are about; null: he does not say.</summary>
    public string? Consumer
    {
        get => _consumer.Value;
        set => _consumer.Value = value;
    }

    /// <exception cref="HttpRequestException">No silo answered.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stop)
    {
        string path = request.RequestUri!.PathAndQuery;
        int first = Consumer is { } consumer ? HomeOf(consumer) : (Interlocked.Increment(ref _next) & int.MaxValue) % silos.Count;
        if (Consumer is { } named)
        {
            request.Headers.TryAddWithoutValidation(Header, named);
        }

        if (request.Content is { } content)
        {
            await content.LoadIntoBufferAsync(stop);
        }

        for (int attempt = 1; ; attempt++)
        {
            int silo = Up(first + attempt - 1);
            request.RequestUri = new Uri(silos[silo], path);
            try
            {
                HttpResponseMessage answer = await TryAsync(request, stop);
                if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == Tries)
                {
                    tally.Answered(answer.StatusCode == HttpStatusCode.ServiceUnavailable);
                    return answer;
                }

                answer.Dispose();
            }
            catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException && !stop.IsCancellationRequested)
            {
                Volatile.Write(ref _downUntil[silo], Environment.TickCount64 + (long)PassedOver.TotalMilliseconds);
                if (attempt == Tries)
                {
                    tally.Answered(failed: true);
                    throw new HttpRequestException("No silo answered.", fault);
                }
            }

            tally.TriedAgain();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _line.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> TryAsync(HttpRequestMessage request, CancellationToken stop)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(LongestTry);
        HttpResponseMessage answer = await _line.SendAsync(request, patience.Token);
        await answer.Content.LoadIntoBufferAsync(patience.Token);
        return answer;
    }

    // The first from there on that did not fail a moment ago; where all did, the one it is.
    private int Up(int from)
    {
        long now = Environment.TickCount64;
        for (int i = 0; i < silos.Count; i++)
        {
            int silo = (from + i) % silos.Count;
            if (Volatile.Read(ref _downUntil[silo]) <= now)
            {
                return silo;
            }
        }

        return from % silos.Count;
    }

    // string.GetHashCode is seeded anew in each process.
    private int HomeOf(string consumer)
    {
        uint hash = 2_166_136_261;
        foreach (char c in consumer)
        {
            hash = (hash ^ c) * 16_777_619;
        }

        return (int)(hash % (uint)silos.Count);
    }
}
