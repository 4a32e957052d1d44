using System.Globalization;
using System.Text.RegularExpressions;

namespace Decisioning.Load.Scenarios;

/// <summary>What things are called in the world of one run: everything begins with the run's id, so that runs neither meet nor leave anything behind that cannot be found.</summary>
/// <param name="Run">Lower case letters and digits, 1 to 24 of them.</param>
internal sealed partial record WorldIds(string Run)
{
    /// <summary>Consumers' numbers have so many digits, so that requests have one length.</summary>
    public const int ConsumerDigits = 9;

    public const int MostConsumers = 1_000_000_000;

    /// <summary>What is wrong with the id of a run, as a sentence; null where nothing is.</summary>
    /// <param name="option">That says it.</param>
    public static string? FaultOf(string option, string run) => RunId().IsMatch(run) ? null : $"{option} '{run}' is not of 1 to 24 lower case letters and digits.";

    /// <summary>A consumer's id is this and its number.</summary>
    public string ConsumerPrefix => $"{Run}-c";

    /// <summary>The id of the n-th consumer, from 0.</summary>
    public string ConsumerOf(int number) => ConsumerPrefix + number.ToString($"D{ConsumerDigits}", CultureInfo.InvariantCulture);

    /// <summary>A brand's id is this and its number.</summary>
    public string BrandPrefix => $"{Run}-b";

    /// <summary>The id of the n-th brand, from 0.</summary>
    public string BrandOf(int number) => BrandPrefix + number.ToString("D3", CultureInfo.InvariantCulture);

    [GeneratedRegex("^[a-z0-9]{1,24}$")]
    private static partial Regex RunId();
}
