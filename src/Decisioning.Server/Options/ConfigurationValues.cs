using System.Globalization;

namespace Decisioning.Server.Options;

/// <summary>Reads single values of the configuration; a fault is a sentence in a list.</summary>
internal static class ConfigurationValues
{
    /// <summary>A list, written as an array or as one text with commas.</summary>
    public static List<string> Strings(IConfigurationSection section)
    {
        List<string> values = [.. section.GetChildren().Select(c => c.Value ?? "").Where(v => v.Length > 0)];
        values.AddRange((section.Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return values;
    }

    /// <summary>Origins: scheme, host and, where it is not the usual one, port.</summary>
    public static List<string> Origins(IConfigurationSection section, List<string> faults)
    {
        List<string> origins = Strings(section);
        foreach (string origin in origins)
        {
            if (!IsOrigin(origin))
            {
                faults.Add($"{section.Path}: {origin} is not an origin such as https://shop.example.");
            }
        }

        return origins;
    }

    public static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https"
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase) && uri.UserInfo.Length == 0;

    /// <summary>A whole number of 1 or more.</summary>
    public static int Whole(IConfigurationSection section, int otherwise, List<string> faults)
    {
        if (section.Value is null)
        {
            return otherwise;
        }

        if (int.TryParse(section.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= 1)
        {
            return value;
        }

        faults.Add($"{section.Path} must be a whole number of 1 or more, not {section.Value}.");
        return otherwise;
    }

    public static void RefuseUnknown(IConfigurationSection section, string[] known, List<string> faults)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                faults.Add($"{child.Path} is unknown. The entries are {string.Join(", ", known)}.");
            }
        }
    }
}
