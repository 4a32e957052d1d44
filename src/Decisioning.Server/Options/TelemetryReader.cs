using System.Globalization;

namespace Decisioning.Server.Options;

/// <summary>Reads the configuration's <c>Telemetry</c>.</summary>
internal sealed class TelemetryReader(List<string> faults)
{
    private const double UsualShare = 0.01;
    private const int UsualEverySeconds = 10;

    private static readonly string[] Names = ["Otlp", "Protocol", "TracedShare", "EverySeconds"];
    private static readonly string[] Protocols = ["grpc", "http"];

    /// <returns>Null where there is nowhere to send to.</returns>
    public TelemetryOptions? Read(IConfigurationSection section)
    {
        ConfigurationValues.RefuseUnknown(section, Names, faults);
        string protocol = section["Protocol"] ?? Protocols[0];
        if (!Protocols.Contains(protocol, StringComparer.Ordinal))
        {
            faults.Add($"Telemetry:Protocol must be one of {string.Join(", ", Protocols)}, not {protocol}.");
        }

        int every = ConfigurationValues.Whole(section.GetSection("EverySeconds"), UsualEverySeconds, faults);
        double share = ReadShare(section["TracedShare"]);
        if (section["Otlp"] is not { Length: > 0 } otlp)
        {
            return null;
        }

        if (Uri.TryCreate(otlp, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https")
        {
            return new TelemetryOptions(uri, protocol == Protocols[1], share, every);
        }

        faults.Add($"Telemetry:Otlp: {otlp} is not an address such as http://collector:4317.");
        return null;
    }

    private double ReadShare(string? text)
    {
        if (text is null)
        {
            return UsualShare;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share) && share is >= 0 and <= 1)
        {
            return share;
        }

        faults.Add($"Telemetry:TracedShare must be from 0 to 1, not {text}.");
        return UsualShare;
    }
}
