namespace Decisioning.Load.Scenarios;

/// <summary>How large the world is that a scenario runs in.</summary>
internal sealed record WorldShape
{
    /// <summary>From 1 to 1,000.</summary>
    public required int Brands { get; init; }

    /// <summary>Of each brand, from 4 to 5,000.</summary>
    public required int Creatives { get; init; }

    /// <summary>Who may come, from 1 to <see cref="WorldIds.MostConsumers"/>.</summary>
    public required int Consumers { get; init; }

    /// <summary>How many of them, the first by number, have a history before the run; at most <see cref="Consumers"/>.</summary>
    public required int Known { get; init; }

    /// <summary>How unevenly they come: the n-th comes in proportion to n to the power of minus this; 0 is evenly, at most 2.</summary>
    public required double Zipf { get; init; }
}
