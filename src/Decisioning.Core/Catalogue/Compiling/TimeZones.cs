using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue.Compiling;

/// <summary>Finds time zones by their IANA names, as spelt in the tz database.</summary>
internal static class TimeZones
{
    private const int MaxLength = 64;

    /// <summary>The zone a node names; null, and a fault, where there is none.</summary>
    public static TimeZoneInfo? Find(FieldReader fields, Node node)
    {
        if (!fields.IsText(node))
        {
            return null;
        }

        // Only what looks like a name is looked up: on some systems names become paths.
        if (LooksLikeName(node.Text) && TimeZoneInfo.TryFindSystemTimeZoneById(node.Text, out TimeZoneInfo? zone) &&
            zone.HasIanaId && string.Equals(zone.Id, node.Text, StringComparison.Ordinal))
        {
            return zone;
        }

        string[] known = [.. TimeZoneInfo.GetSystemTimeZones().Select(z => z.Id)];
        fields.Faults.Add(
            node, FaultCodes.BadTimeZone, $"There is no time zone {Quote.Of(node.Text)} in the tz database{fields.Suggestions.For(node.Text, known)}");
        return null;
    }

    private static bool LooksLikeName(string text) =>
        text.Length is >= 1 and <= MaxLength && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+');
}
