using System.Text.Json;

namespace Decisioning.Lab.Reports;

/// <summary>What a command found.</summary>
public interface IReport
{
    /// <summary>Writes the members of the command's JSON object.</summary>
    void WriteMembers(Utf8JsonWriter json);

    void WriteText(TextWriter output);
}
