using System.Globalization;

namespace Decisioning.Load.Running;

/// <summary>Whether the generator was at its own limit, so that its latencies are its own and not the server's.</summary>
internal static class Saturation
{
    /// <summary>The share of its time that a client may be at work.</summary>
    public const double MostBusy = 0.9;

    /// <summary>How late a client may be in taking up a call at the 99th percentile, ms; or else the share below of the decisions' 99th percentile.</summary>
    public const double MostLag = 1;

    private const double LagShare = 0.1;

    /// <summary>Says why, as a sentence; null where it was not.</summary>
    /// <param name="measured">At least a second of all clients.</param>
    public static string? Of(Frame measured)
    {
        double busy = measured.Length == 0 ? 0 : measured.Busy / (measured.Length * measured.Clients);
        if (busy > MostBusy)
        {
            return Text($"The clients were at work {busy:P0} of their time, of {MostBusy:P0} that may be: give more --clients, or a lower --rate.");
        }

        double lag = LatencyFigures.Milliseconds(measured.Lag, 0.99);
        double latency = LatencyFigures.Milliseconds(measured.Series[(int)CallKind.Decisions].Latency, 0.99);
        double most = Math.Max(MostLag, LagShare * latency);
        return lag > most
            ? Text($"One in a hundred calls was taken up {lag:F3} ms late or more by the generator itself, of {most:F3} ms that may be: give it a core of its own, or a lower --rate.")
            : null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
