using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Decisioning.Api.Watch;

namespace Decisioning.Api.Access;

/// <summary>
/// Tickets to the hub for browsers, which cannot send a key when they open a WebSocket: each carries a caller's rights, is good once and for
/// <see cref="WatchBounds.TicketLife"/>. Kept in memory, as hashes alone. Safe for any number of threads.
/// </summary>
internal sealed class WatchTickets(TimeProvider clock)
{
    /// <summary>What every ticket begins with, and no key that this server makes.</summary>
    public const string Prefix = "wt_";

    private const int SecretBytes = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Issued> _byHash = new(StringComparer.Ordinal);
    private readonly Queue<(string Hash, long ExpiresAt)> _oldestFirst = new();

    /// <summary>Makes a ticket from the system's secure random source; false where too many are about.</summary>
    public bool TryIssue(ApiKey rights, [NotNullWhen(true)] out WatchTicket? ticket)
    {
        string text = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        lock (_lock)
        {
            Forget();
            ticket = null;
            if (_oldestFirst.Count >= WatchBounds.Tickets)
            {
                return false;
            }

            long expiresAt = clock.GetTimestamp() + (long)(WatchBounds.TicketLife.TotalSeconds * clock.TimestampFrequency);
            string hash = HashOf(text);
            _byHash.Add(hash, new Issued(rights, expiresAt));
            _oldestFirst.Enqueue((hash, expiresAt));
        }

        ticket = new WatchTicket(text, (clock.GetUtcNow() + WatchBounds.TicketLife).ToUnixTimeMilliseconds());
        return true;
    }

    /// <summary>Takes a ticket, which is used up by that; null where it was never made, was used or has expired.</summary>
    public ApiKey? Take(string text) => Find(text, takes: true);

    /// <summary>Whose a ticket is that stays good: for the talk before a connection.</summary>
    public ApiKey? Look(string text) => Find(text, takes: false);

    private ApiKey? Find(string text, bool takes)
    {
        if (text.Length > KeyRing.LongestKey)
        {
            return null;
        }

        string hash = HashOf(text);
        lock (_lock)
        {
            bool known = takes ? _byHash.Remove(hash, out Issued issued) : _byHash.TryGetValue(hash, out issued);
            return known && clock.GetTimestamp() < issued.ExpiresAt ? issued.Rights : null;
        }
    }

    private void Forget()
    {
        long now = clock.GetTimestamp();
        while (_oldestFirst.TryPeek(out (string Hash, long ExpiresAt) oldest) && oldest.ExpiresAt <= now)
        {
            _byHash.Remove(_oldestFirst.Dequeue().Hash);
        }
    }

    private static string HashOf(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private readonly record struct Issued(ApiKey Rights, long ExpiresAt);
}

/// <param name="Text">What the browser sends as <c>access_token</c>.</param>
/// <param name="ExpiresAt">Ms since the Unix epoch.</param>
internal sealed record WatchTicket(string Text, long ExpiresAt);
