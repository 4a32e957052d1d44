namespace Decisioning.Api.Watch;

/// <summary>Every bound on watching, in one place.</summary>
public static class WatchBounds
{
    /// <summary>Connections to the hub at once; a further one is answered 503.</summary>
    public const int Connections = 10_000;

    /// <summary>Brands watched on one connection.</summary>
    public const int BrandsPerConnection = 64;

    /// <summary>Consumers watched on one connection.</summary>
    public const int ConsumersPerConnection = 16;

    /// <summary>Consumers watched in the process, each once for every set of brands it is watched for.</summary>
    public const int Consumers = 256;

    /// <summary>Largest message of a client to the hub, in bytes.</summary>
    public const int HubMessageBytes = 4096;

    /// <summary>Bytes of a connection that may wait to be taken before a further frame has to wait too.</summary>
    public const int UnsentBytes = 64 * 1024;

    /// <summary>Tickets that are made and not yet expired.</summary>
    public const int Tickets = 2 * Connections;

    /// <summary>Longest history asked for at once, in days.</summary>
    public const int HistoryDays = 800;

    /// <summary>Time between frames: at most four a second for each brand and consumer.</summary>
    public static TimeSpan Beat { get; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Time between looks for something new where a frame may be sent: what is new waits no longer than that.</summary>
    public static TimeSpan Look { get; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long a ticket can be used.</summary>
    public static TimeSpan TicketLife { get; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection that has not taken a frame for so long is closed.</summary>
    public static TimeSpan LongestSend { get; } = TimeSpan.FromSeconds(30);

    /// <summary>A connection that says nothing for so long, not even a ping, is closed.</summary>
    public static TimeSpan LongestSilence { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a connection may take for its handshake.</summary>
    public static TimeSpan LongestHandshake { get; } = TimeSpan.FromSeconds(5);
}
