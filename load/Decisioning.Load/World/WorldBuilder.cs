using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Decisioning.Load.Scenarios;

namespace Decisioning.Load.World;

/// <summary>How far a world has come.</summary>
/// <param name="What">What is being done, a few words.</param>
/// <param name="Done">How many are done.</param>
/// <param name="Of">Of how many.</param>
internal readonly record struct WorldProgress(string What, long Done, long Of);

/// <param name="Consumers">How many there were and are gone.</param>
/// <param name="Left">How many were not asked for any more, and may be there.</param>
internal readonly record struct Erased(long Consumers, long Left);

/// <summary>Puts the world of a run into a server, over HTTP, and takes it out again.</summary>
internal sealed class WorldBuilder(WorldTarget target, WorldIds ids, IProgress<WorldProgress>? progress = null)
{
    private const int Batch = 1_000;
    private const int Workers = 4;

    /// <summary>Puts the brands and imports what the known consumers did.</summary>
    /// <param name="shape">How large the world is.</param>
    /// <param name="seed">The same seed gives the same histories, aged from now.</param>
    /// <returns>How many events the histories have.</returns>
    /// <exception cref="LoadFailureException">The server does not answer or refuses something.</exception>
    public async Task<long> BuildAsync(WorldShape shape, int seed, CancellationToken stop)
    {
        for (int b = 0; b < shape.Brands; b++)
        {
            byte[] document = JsonSerializer.SerializeToUtf8Bytes(WorldDocuments.Of(ids, b, shape.Creatives));
            await target.SendAsync(HttpMethod.Put, $"v1/brands/{ids.BrandOf(b)}", document, stop);
            progress?.Report(new WorldProgress("brands put", b + 1, shape.Brands));
        }

        return await ImportAsync(new WorldHistory(shape, seed), shape.Known, stop);
    }

    /// <summary>Erases consumers by number; who was never there counts as erased.</summary>
    /// <param name="first">The first number.</param>
    /// <param name="count">How many from there may be there.</param>
    /// <param name="patience">After so long those who are left stay; null: all are erased.</param>
    /// <exception cref="LoadFailureException">The server does not answer or refuses something.</exception>
    public async Task<Erased> EraseAsync(int first, int count, TimeSpan? patience, CancellationToken stop)
    {
        long start = Stopwatch.GetTimestamp();
        long erased = 0, done = 0;
        ParallelOptions options = new() { MaxDegreeOfParallelism = Workers * Workers, CancellationToken = stop };
        await Parallel.ForAsync(first, first + count, options, async (number, cancelled) =>
        {
            if (patience is { } most && Stopwatch.GetElapsedTime(start) >= most)
            {
                return;
            }

            (HttpStatusCode status, _) =
                await target.SendAsync(HttpMethod.Delete, $"v1/consumers/{ids.ConsumerOf(number)}", null, cancelled, HttpStatusCode.NotFound);
            Interlocked.Add(ref erased, status == HttpStatusCode.NotFound ? 0 : 1);
            long asked = Interlocked.Increment(ref done);
            progress?.Report(new WorldProgress("consumers erased", asked, count));
        });
        return new Erased(erased, count - done);
    }

    /// <summary>Deletes the brands of the run.</summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="LoadFailureException">The server does not answer or refuses something.</exception>
    public async Task<int> DeleteBrandsAsync(CancellationToken stop)
    {
        List<string> brands = await BrandsAsync(stop);
        for (int b = 0; b < brands.Count; b++)
        {
            await target.SendAsync(HttpMethod.Delete, $"v1/brands/{brands[b]}", null, stop);
            progress?.Report(new WorldProgress("brands deleted", b + 1, brands.Count));
        }

        return brands.Count;
    }

    private async Task<long> ImportAsync(WorldHistory history, int known, CancellationToken stop)
    {
        long done = 0, imported = 0;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        int chunks = (known + Batch / WorldHistory.MostEvents - 1) / (Batch / WorldHistory.MostEvents);
        ParallelOptions options = new() { MaxDegreeOfParallelism = Workers, CancellationToken = stop };
        await Parallel.ForAsync(0, chunks, options, async (chunk, cancelled) =>
        {
            int first = chunk * (Batch / WorldHistory.MostEvents);
            int end = Math.Min(known, first + Batch / WorldHistory.MostEvents);
            (byte[] body, int events) = BodyOf(history, first, end, now);
            (_, byte[] answer) = await target.SendAsync(HttpMethod.Post, "v1/imports", body, cancelled);
            Check(answer, events);
            Interlocked.Add(ref imported, events);
            progress?.Report(new WorldProgress("known consumers", Interlocked.Add(ref done, end - first), known));
        });
        return imported;
    }

    private (byte[] Body, int Events) BodyOf(WorldHistory history, int first, int end, DateTimeOffset now)
    {
        ArrayBufferWriter<byte> buffer = new(1 << 17);
        using Utf8JsonWriter json = new(buffer);
        int events = 0;
        json.WriteStartObject();
        json.WriteStartArray("events");
        for (int consumer = first; consumer < end; consumer++)
        {
            string id = ids.ConsumerOf(consumer);
            PastEvent[] past = history.Of(consumer);
            for (int i = 0; i < past.Length; i++)
            {
                Write(json, past[i], id, i, now);
            }

            events += past.Length;
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return (buffer.WrittenSpan.ToArray(), events);
    }

    private void Write(Utf8JsonWriter json, PastEvent past, string consumer, int number, DateTimeOffset now)
    {
        string own = string.Create(CultureInfo.InvariantCulture, $"h{number}");
        json.WriteStartObject();
        json.WriteString("eventId", own);
        json.WriteString("type", past.Type);
        json.WriteString("consumerId", consumer);
        json.WriteString("brand", ids.BrandOf(past.Brand));
        json.WriteString("occurredAt", (now - past.Age).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        if (past.Type == "purchase")
        {
            json.WriteString("orderId", own);
            json.WriteNumber("value", 100_000_000 + 1_000_000 * number);
            json.WriteString("currency", WorldStory.Currency);
        }

        json.WriteEndObject();
    }

    // A duplicate is as good: the history was imported before.
    private static void Check(byte[] answer, int events)
    {
        using JsonDocument counts = JsonDocument.Parse(answer);
        int taken = counts.RootElement.GetProperty("accepted").GetInt32() + counts.RootElement.GetProperty("duplicates").GetInt32();
        if (taken != events)
        {
            IEnumerable<JsonElement> refused = counts.RootElement.GetProperty("results").EnumerateArray().Where(r => r.GetProperty("status").GetString() == "rejected").Take(1);
            throw new LoadFailureException($"The server took {taken} of {events} events of a history; the first refused: {string.Join("", refused)}");
        }
    }

    private async Task<List<string>> BrandsAsync(CancellationToken stop)
    {
        (_, byte[] body) = await target.SendAsync(HttpMethod.Get, "v1/brands", null, stop);
        using JsonDocument document = JsonDocument.Parse(body);
        IEnumerable<string> all = document.RootElement.GetProperty("brands").EnumerateArray().Select(b => b.GetProperty("id").GetString()!);
        return [.. all.Where(id => id.StartsWith(ids.BrandPrefix, StringComparison.Ordinal))];
    }
}
