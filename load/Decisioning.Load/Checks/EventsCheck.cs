using System.Text;
using System.Text.Json;
using Decisioning.Load.World;

namespace Decisioning.Load.Checks;

/// <summary>
/// Every acknowledged event counts, and once: events that are sent again while the load runs are answered as duplicates, and so is, after it, a sample of what was
/// acknowledged, even of what no server remembers having in memory.
/// </summary>
internal sealed class EventsCheck(int seed)
{
    private const int Sample = 200;

    private readonly Random _random = new(seed);
    private readonly List<byte[]> _sample = new(Sample);
    private long _batches;

    public Finding Repeats { get; } = new("repeated events counted once");

    public Finding Acknowledged { get; } = new("acknowledged events found after the run");

    /// <param name="isRepeat">Whether the same events were answered before.</param>
    /// <param name="request">The request's body.</param>
    /// <param name="reply">The reply's body.</param>
    public void Look(bool isRepeat, ReadOnlySpan<byte> request, ReadOnlySpan<byte> reply)
    {
        if (!TryCount(reply, out int accepted, out _, out int rejected))
        {
            Repeats.Failed($"A batch of events was answered with {Text(reply)}.");
            return;
        }

        if (isRepeat && accepted > 0)
        {
            Repeats.Failed($"A batch that was acknowledged before was accepted again: {Text(reply)}.");
        }
        else if (isRepeat)
        {
            Repeats.Held();
        }

        if (!isRepeat && rejected == 0)
        {
            Keep(request);
        }
    }

    /// <summary>Sends the sample again.</summary>
    public async Task FinishAsync(WorldTarget target, CancellationToken stop)
    {
        foreach (byte[] request in _sample)
        {
            (_, byte[] reply) = await target.SendAsync(HttpMethod.Post, "v1/events", request, stop);
            if (TryCount(reply, out int accepted, out int duplicates, out int rejected) && accepted == 0 && rejected == 0 && duplicates > 0)
            {
                Acknowledged.Held();
            }
            else
            {
                Acknowledged.Failed($"A batch that was acknowledged is not known after the run: {Text(reply)}.");
            }
        }
    }

    // A reservoir: every batch is as likely as any other to be in the sample.
    private void Keep(ReadOnlySpan<byte> request)
    {
        _batches++;
        if (_sample.Count < Sample)
        {
            _sample.Add(request.ToArray());
        }
        else if (_random.NextInt64(_batches) is < Sample and var place)
        {
            _sample[(int)place] = request.ToArray();
        }
    }

    private static bool TryCount(ReadOnlySpan<byte> reply, out int accepted, out int duplicates, out int rejected)
    {
        (accepted, duplicates, rejected) = (-1, -1, -1);
        Utf8JsonReader json = new(reply);
        try
        {
            while (json.Read() && (accepted < 0 || duplicates < 0 || rejected < 0))
            {
                if (json.TokenType != JsonTokenType.PropertyName || json.CurrentDepth != 1)
                {
                    continue;
                }

                if (json.ValueTextEquals("accepted"u8))
                {
                    json.Read();
                    accepted = json.GetInt32();
                }
                else if (json.ValueTextEquals("duplicates"u8))
                {
                    json.Read();
                    duplicates = json.GetInt32();
                }
                else if (json.ValueTextEquals("rejected"u8))
                {
                    json.Read();
                    rejected = json.GetInt32();
                }
            }
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return false;
        }

        return accepted >= 0 && duplicates >= 0 && rejected >= 0;
    }

    private static string Text(ReadOnlySpan<byte> reply)
    {
        const int most = 200;
        return Encoding.UTF8.GetString(reply[..Math.Min(most, reply.Length)]);
    }
}
