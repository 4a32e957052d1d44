using System.Text;
using System.Text.Json;

namespace Decisioning.Lab.Reports;

/// <summary>Where a command's words go: results to the output, everything else to the error stream.</summary>
public sealed class LabConsole(TextWriter output, TextWriter error)
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public TextWriter Error => error;

    /// <summary>Reports a result: one JSON object on one line, or lines for people.</summary>
    public void Report(IReport report, bool json)
    {
        if (!json)
        {
            report.WriteText(output);
            return;
        }

        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Compact))
        {
            writer.WriteStartObject();
            report.WriteMembers(writer);
            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    /// <summary>Runs work that tells how far it is: on a terminal alone, and there on the error stream.</summary>
    public Task<T> TrackAsync<T>(Func<IProgressMeter, Task<T>> work) =>
        ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected ? TerminalProgress.RunAsync(work) : work(new SilentMeter());

    private sealed class SilentMeter : IProgressMeter
    {
        public void Begin(string title, long total)
        {
        }

        public void Advance(long by)
        {
        }
    }
}
