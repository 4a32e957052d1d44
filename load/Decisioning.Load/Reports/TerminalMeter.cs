using System.Globalization;
using Decisioning.Load.Running;

namespace Decisioning.Load.Reports;

/// <summary>Says on the error stream how far a run is: on a terminal each second takes the place of the one before, elsewhere each has a line of its own.</summary>
/// <param name="isTerminal">Whether lines can be written over.</param>
internal sealed class TerminalMeter(TextWriter error, bool isTerminal) : IRunMeter
{
    private readonly Lock _gate = new();
    private int _width;

    public void Doing(string what)
    {
        lock (_gate)
        {
            Close();
            error.WriteLine(what);
        }
    }

    public void Second(SecondRow row)
    {
        lock (_gate)
        {
            string line = Line(row);
            if (!isTerminal)
            {
                error.WriteLine(line);
                return;
            }

            error.Write('\r' + line.PadRight(_width));
            _width = line.Length;
        }
    }

    // What is written over must end before anything else is said.
    private void Close()
    {
        if (_width > 0)
        {
            error.WriteLine();
            _width = 0;
        }
    }

    private static string Line(SecondRow row) => string.Create(
        CultureInfo.InvariantCulture,
        $"{row.At,5:F0} s{(row.IsWarmup ? " warm-up" : "")}  offered {row.Offered,8:N0}/s  served {row.Served,8:N0}/s  refused {row.Refused:N0}/s  errors {row.Errors:N0}/s  decisions p50 {Text(row.Decisions?.P50)} p99 {Text(row.Decisions?.P99)}  waiting {row.Queued:N0}  client busy {row.Busy:P0}, late {row.Lag:F3} ms");

    private static string Text(double? milliseconds) => milliseconds is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:F2} ms") : "-";
}
