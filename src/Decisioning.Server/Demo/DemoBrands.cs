using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Decisioning.Core.Hosting;

namespace Decisioning.Server.Demo;

/// <summary>
/// The two brands a first start comes with. Their documents are written with days relative to today, <c>@+3</c> for three days from now, so that
/// their campaigns run whenever the server is first started.
/// </summary>
internal static partial class DemoBrands
{
    /// <summary>The brands' ids.</summary>
    public static IReadOnlyList<string> Ids { get; } = ["aurora", "borealis"];

    /// <summary>Puts the demo brands into the host's catalogue.</summary>
    /// <exception cref="StartException">The host does not take a document.</exception>
    public static async Task PutAsync(IDecisionHost host, CancellationToken cancellation)
    {
        DateOnly today = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(host.Now).UtcDateTime);
        foreach (string id in Ids)
        {
            CatalogueChange change = await host.PutBrandAsync(id, Encoding.UTF8.GetBytes(Document(id, today)), ifMatch: null, "demo", cancellation);
            if (change.Outcome != CatalogueOutcome.Done)
            {
                throw new StartException($"the demo brand {id} was refused: {string.Join(" ", change.Faults.Select(f => $"{f.Pointer}: {f.Detail}"))}");
            }
        }
    }

    /// <summary>A demo brand's document with its days set around today.</summary>
    public static string Document(string id, DateOnly today)
    {
        using Stream resource = typeof(DemoBrands).Assembly.GetManifestResourceStream($"demo.{id}.json")
            ?? throw new InvalidOperationException($"The demo brand {id} is not built in.");
        using StreamReader reader = new(resource, Encoding.UTF8);
        return RelativeDay().Replace(
            reader.ReadToEnd(),
            match => today.AddDays(int.Parse(match.Groups[1].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
                .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("@([+-][0-9]+)")]
    private static partial Regex RelativeDay();
}
