using System.Globalization;
using System.Text.Json;
using Decisioning.Lab.Reports;

namespace Decisioning.Lab.Export;

/// <summary>What an export wrote.</summary>
internal sealed record ExportReport(long Rows) : IReport
{
    public void WriteMembers(Utf8JsonWriter json) => json.WriteNumber("rows", Rows);

    public void WriteText(TextWriter output) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"rows  {Rows:N0}"));
}
