using Decisioning.Core.Aggregate;
using Decisioning.Core.Decide;

namespace Decisioning.Engine.Books;

/// <summary>Brands' books as they stand, wherever they are kept. Safe for concurrent use.</summary>
internal interface IBooks
{
    /// <summary>Grows when the books may have changed.</summary>
    long Beat { get; }

    /// <summary>Reads a brand's books while nothing is folded; to be quick.</summary>
    T Read<T>(int brand, Func<BrandTotals, IMoney, T> read);
}

/// <summary>What campaigns have spent and hold, micros.</summary>
internal interface IMoney
{
    PacingSpending SpendingOf(int brand, int campaign);

    /// <summary>What is held at the instant.</summary>
    long HeldOf(int brand, int campaign, long now);
}
