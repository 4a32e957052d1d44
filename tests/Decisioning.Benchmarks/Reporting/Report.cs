using System.Globalization;

namespace Decisioning.Benchmarks.Reporting;

/// <summary>Prints figures as they come, and remembers whether any missed its target.</summary>
internal sealed class Report(TextWriter output)
{
    private readonly List<Figure> _missed = [];

    public bool AllMet => _missed.Count == 0;

    public void Heading(string text)
    {
        output.WriteLine();
        output.WriteLine(text);
    }

    /// <summary>A line about how the measurement goes.</summary>
    public void Note(string text) => output.WriteLine($"  · {text}");

    public void Add(Figure figure)
    {
        string verdict = figure.Target is { } target
            ? $"{(target.AtMost ? "at most" : "at least")} {Number(target.Bound)}: {(figure.IsMet ? "met" : "NOT MET")}"
            : "";
        output.WriteLine($"  {figure.Name,-52} {Number(figure.Value),14} {figure.Unit,-12} {verdict}".TrimEnd());
        if (!figure.IsMet)
        {
            _missed.Add(figure);
        }
    }

    /// <summary>The last line.</summary>
    public void Close()
    {
        output.WriteLine();
        output.WriteLine(AllMet ? "Every target is met." : $"Missed: {string.Join("; ", _missed.Select(f => f.Name))}.");
    }

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) >= 1_000 ? "N0" : Math.Abs(value) >= 100 ? "0" : "0.##", CultureInfo.InvariantCulture);
}
