namespace Decisioning.Crash;

/// <summary>One event that was sent at least once.</summary>
internal sealed class SentEvent
{
    public required string EventId { get; init; }

    public required string Type { get; init; }

    public required string Consumer { get; init; }

    public required DateTime OccurredAt { get; init; }

    /// <summary>Of carts and purchases: each has its own, so that each counts.</summary>
    public required string? OwnId { get; init; }

    /// <summary>Whether the server has said that it is recorded.</summary>
    public volatile bool Acknowledged;

    public bool IsPurchase => Type == "purchase";

    /// <summary>Micros.</summary>
    public long? Value => IsPurchase ? 1_000_000 + EventId.Length : null;
}

/// <summary>One tracker of one decision that was called at least once.</summary>
/// <param name="Path">Below the server's address.</param>
/// <param name="Kind">What it records.</param>
internal sealed record SentTracker(string Path, string Kind)
{
    private int _acknowledged;

    public bool Acknowledged => Volatile.Read(ref _acknowledged) != 0;

    public void Acknowledge() => Volatile.Write(ref _acknowledged, 1);
}

/// <summary>What one consumer was told to have done, and what of it the server has acknowledged. Locked by its users.</summary>
internal sealed class ConsumerLedger(string id)
{
    /// <summary>Carts and orders are kept to the newest 64, exposures to the newest 256: below that all of them can be counted.</summary>
    public const int MostOwned = 60;

    public const int MostDecisions = 200;

    public string Id => id;

    public List<SentEvent> Events { get; } = [];

    /// <summary>By decision and kind: calls of the same kind count once.</summary>
    public Dictionary<(string Decision, string Kind), SentTracker> Trackers { get; } = [];

    /// <summary>Decisions answered: id, and the paths of their trackers by kind.</summary>
    public List<(string Id, IReadOnlyDictionary<string, string> Paths)> Decisions { get; } = [];

    public int DecisionsAsked { get; set; }
}

/// <summary>A status in the catalogue: the last one that was acknowledged, and the one that may or may not have been taken.</summary>
internal sealed class StatusLedger
{
    public const string Paused = "paused";

    public string Acknowledged { get; set; } = "active";

    public string? UnderWay { get; set; }
}

/// <summary>The catalogue changes.</summary>
internal sealed class CatalogueLedger
{
    /// <summary>Of <see cref="CrashBrand.Creative"/>.</summary>
    public StatusLedger Creative { get; init; } = new();

    /// <summary>Of <see cref="CrashBrand.Campaign"/>.</summary>
    public StatusLedger Campaign { get; init; } = new();
}

/// <summary>What the brand's books must hold, all crowds together.</summary>
internal sealed class BooksLedger
{
    /// <summary>Events and tracker calls of crowds that are over: all of them are recorded.</summary>
    public long SettledEvents { get; private set; }

    /// <summary>Decisions of crowds that are over, of which a tracker was called.</summary>
    public long SettledShown { get; private set; }

    /// <summary>Requests for one decision that were sent at least once.</summary>
    public long Asked { get; set; }

    /// <summary>Wins that the books held when they were last looked at: they cannot become fewer.</summary>
    public long Won { get; set; }

    /// <summary>A crowd is over.</summary>
    public void Settle(ConsumerLedger[] crowd)
    {
        SettledEvents += crowd.Sum(c => c.Events.Count + c.Trackers.Count);
        SettledShown += crowd.Sum(c => c.Trackers.Keys.Select(t => t.Decision).Distinct().Count());
    }
}
