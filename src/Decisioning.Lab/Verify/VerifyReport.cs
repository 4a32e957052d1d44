using System.Globalization;
using System.Text.Json;
using Decisioning.Lab.Reports;

namespace Decisioning.Lab.Verify;

/// <summary>What a verification found; filled while it runs.</summary>
internal sealed class VerifyReport : IReport
{
    /// <summary>Most mismatches that are told in detail.</summary>
    public const int Told = 20;

    private readonly List<Mismatch> _first = [];

    /// <summary>Consumers looked at, in the journal and in the stored states.</summary>
    public long Consumers { get; set; }

    /// <summary>Events in the journal, ad interactions included.</summary>
    public long Events { get; set; }

    public long Mismatches { get; private set; }

    /// <summary>Consumers that the journal does not hold from their first turn on.</summary>
    public long Partial { get; set; }

    /// <summary>Whether the journal's beginning was trimmed.</summary>
    public bool Trimmed { get; set; }

    public bool Ok => Mismatches == 0;

    public void Add(Mismatch mismatch)
    {
        Mismatches++;
        if (_first.Count < Told)
        {
            _first.Add(mismatch);
        }
    }

    public void TellMismatches(TextWriter error)
    {
        foreach (Mismatch mismatch in _first)
        {
            error.WriteLine(mismatch);
        }

        if (Mismatches > _first.Count)
        {
            error.WriteLine($"{Mismatches - _first.Count} more mismatches.");
        }

        if (Partial > 0)
        {
            error.WriteLine($"{Partial} consumers begin before the journal does: only what the journal has of them was checked.");
        }

        if (Trimmed)
        {
            error.WriteLine("The journal's beginning was trimmed: books were compared with what is left of it, and not where that takes whole consumers.");
        }
    }

    public void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteNumber("consumers", Consumers);
        json.WriteNumber("events", Events);
        json.WriteNumber("mismatches", Mismatches);
        json.WriteBoolean("ok", Ok);
    }

    public void WriteText(TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"consumers   {Consumers:N0}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"events      {Events:N0}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mismatches  {Mismatches:N0}"));
        output.WriteLine(Ok ? "ok" : "NOT OK");
    }
}
