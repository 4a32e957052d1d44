using System.Text.Json;

namespace Decisioning.Lab.Export;

/// <summary>Writes one JSON object a line, members without a value left out.</summary>
internal sealed class JsonLinesWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FileStream _file;
    private readonly Utf8JsonWriter _json;

    public JsonLinesWriter(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16);
        _json = new Utf8JsonWriter(_file, Options);
    }

    public long Rows { get; private set; }

    public void Begin() => _json.WriteStartObject();

    public void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _file.WriteByte((byte)'\n');
        Rows++;
    }

    public void Text(string name, string? value)
    {
        if (value is not null)
        {
            _json.WriteString(name, value);
        }
    }

    /// <param name="value">Ms since the Unix epoch.</param>
    public void Instant(string name, long? value)
    {
        if (value is { } at)
        {
            _json.WriteString(name, DateTimeOffset.FromUnixTimeMilliseconds(at).UtcDateTime);
        }
    }

    public void Number(string name, long? value)
    {
        if (value is { } number)
        {
            _json.WriteNumber(name, number);
        }
    }

    public void Fraction(string name, double value) => _json.WriteNumber(name, value);

    public void Truth(string name, bool value) => _json.WriteBoolean(name, value);

    public void Dispose()
    {
        _json.Dispose();
        _file.Dispose();
    }
}
