namespace Decisioning.Api.Replies;

/// <summary>The one way from the engine's millionths to the numbers that answers show.</summary>
internal static class Millionths
{
    private const decimal Unit = 1_000_000m;

    /// <summary>Exact, without zeros at the end.</summary>
    public static decimal ToUnits(long millionths) => millionths / Unit;
}
