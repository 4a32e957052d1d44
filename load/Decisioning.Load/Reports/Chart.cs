using System.Globalization;
using System.Text;

namespace Decisioning.Load.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Name">Shown in the legend.</param>
/// <param name="Colour">From 1 to 6: the page's own colours.</param>
/// <param name="Points">In the order of x; a gap where y is null.</param>
internal sealed record ChartLine(string Name, int Colour, IReadOnlyList<(double X, double? Y)> Points);

/// <summary>A line chart as SVG, with no script and nothing from elsewhere.</summary>
/// <param name="title">Above it.</param>
/// <param name="unit">Of y.</param>
/// <param name="across">What x is.</param>
internal sealed class Chart(string title, string unit, string across)
{
    private const double Width = 860;
    private const double Height = 260;
    private const double Left = 64;
    private const double Right = 12;
    private const double Top = 12;
    private const double Bottom = 40;

    private const string FileStyle =
        "text{font:11px system-ui,sans-serif;fill:#6b7280}.title{font-size:14px;font-weight:600;fill:#1b1f24}.page{fill:#fff}.x{text-anchor:middle}.y{text-anchor:end}.grid{stroke:#d8dce2}"
        + "path{fill:none;stroke-width:1.8}path.c1{stroke:#2563eb}path.c2{stroke:#0d9488}tspan.c1{fill:#2563eb}tspan.c2{fill:#0d9488}";

    /// <summary>Whether y grows by powers of ten.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>Marks on the x axis; null: round numbers.</summary>
    public IReadOnlyList<(double X, string Text)>? Marks { get; init; }

    /// <summary>The end of the warm-up, shaded up to there; 0: none.</summary>
    public double ShadedTo { get; init; }

    /// <summary>Draws it for a page that has the colours; empty where no line has two points.</summary>
    public string Draw(params IEnumerable<ChartLine> lines)
    {
        ChartLine[] drawn = Drawable(lines);
        StringBuilder figure = new();
        string inner = Inner(drawn);
        if (inner.Length == 0)
        {
            return "";
        }

        Add(figure, $"<figure><figcaption>{title} <small>{unit}</small></figcaption><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title}\">{inner}</svg><p class=\"legend\">");
        foreach (ChartLine line in drawn)
        {
            Add(figure, $"<span class=\"c{line.Colour}\">{line.Name}</span> ");
        }

        return figure.Append("</p></figure>").ToString();
    }

    /// <summary>Draws it as a file of its own, with its colours, title and legend; nothing but the frame where no line has two points.</summary>
    public string DrawFile(params IEnumerable<ChartLine> lines)
    {
        // For the title, and for what the last mark needs on its right.
        const double head = 44, side = 24;
        ChartLine[] drawn = Drawable(lines);
        StringBuilder file = new();
        Add(file, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 {-head} {Width + side} {Height + head}\" role=\"img\" aria-label=\"{title}\"><style>{FileStyle}</style>");
        Add(file, $"<rect class=\"page\" y=\"{-head}\" width=\"{Width + side}\" height=\"{Height + head}\"/><text class=\"title\" x=\"{Left}\" y=\"-24\">{title}</text><text x=\"{Left}\" y=\"-6\">{unit}");
        foreach (ChartLine line in drawn)
        {
            Add(file, $"<tspan dx=\"18\" class=\"c{line.Colour}\">— {line.Name}</tspan>");
        }

        return file.Append("</text>").Append(Inner(drawn)).Append("</svg>\n").ToString();
    }

    private static ChartLine[] Drawable(IEnumerable<ChartLine> lines) => [.. lines.Where(l => l.Points.Count(p => p.Y is not null) > 1)];

    private string Inner(ChartLine[] drawn)
    {
        double[] values = [.. drawn.SelectMany(l => l.Points).Where(p => p.Y is not null).Select(p => p.Y!.Value).Where(y => !IsLogarithmic || y > 0)];
        if (values.Length == 0)
        {
            return "";
        }

        double toX = drawn.SelectMany(l => l.Points).Max(p => p.X);
        Scale y = IsLogarithmic ? Scale.Logarithmic(values.Min(), values.Max()) : Scale.Linear(values.Max());
        StringBuilder svg = new();
        if (ShadedTo > 0)
        {
            Add(svg, $"<rect class=\"warm\" x=\"{Left}\" y=\"{Top}\" width=\"{AtX(ShadedTo, toX) - Left:F1}\" height=\"{Height - Top - Bottom}\"/>");
        }

        foreach (double tick in y.Ticks)
        {
            Add(svg, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{AtY(y, tick):F1}\" y2=\"{AtY(y, tick):F1}\"/><text class=\"y\" x=\"{Left - 6}\" y=\"{AtY(y, tick) + 4:F1}\">{tick:#,0.###}</text>");
        }

        foreach ((double x, string text) in Marks ?? [.. Scale.Linear(toX).Ticks.Where(t => t <= toX).Select(t => (t, t.ToString("#,0.##", CultureInfo.InvariantCulture)))])
        {
            Add(svg, $"<text class=\"x\" x=\"{AtX(x, toX):F1}\" y=\"{Height - Bottom + 16}\">{text}</text>");
        }

        Add(svg, $"<text class=\"x\" x=\"{(Width + Left) / 2}\" y=\"{Height - 6}\">{across}</text>");
        foreach (ChartLine line in drawn)
        {
            Add(svg, $"<path class=\"c{line.Colour}\" d=\"{PathOf(line, toX, y)}\"/>");
        }

        return svg.ToString();
    }

    private string PathOf(ChartLine line, double toX, Scale y)
    {
        StringBuilder path = new();
        bool down = false;
        foreach ((double x, double? value) in line.Points)
        {
            if (value is not { } known || (IsLogarithmic && known <= 0))
            {
                down = false;
                continue;
            }

            Add(path, $"{(down ? 'L' : 'M')}{AtX(x, toX):F1} {AtY(y, known):F1}");
            down = true;
        }

        return path.ToString();
    }

    private static double AtX(double x, double toX) => Left + ((Width - Left - Right) * (toX > 0 ? x / toX : 0));

    private static double AtY(Scale scale, double y) => Height - Bottom - ((Height - Top - Bottom) * scale.At(y));

    private static void Add(StringBuilder text, FormattableString part) => text.Append(part.ToString(CultureInfo.InvariantCulture));

    /// <summary>Where a value lies between the ends, from 0 to 1, and the values that are marked.</summary>
    private sealed record Scale(Func<double, double> At, IReadOnlyList<double> Ticks)
    {
        public static Scale Linear(double most)
        {
            double step = StepOf(most <= 0 ? 1 : most);
            double end = Math.Max(1, Math.Ceiling(most / step)) * step;
            return new Scale(v => v / end, [.. Enumerable.Range(0, (int)Math.Round(end / step) + 1).Select(i => i * step)]);
        }

        public static Scale Logarithmic(double least, double most)
        {
            int from = (int)Math.Floor(Math.Log10(least));
            int to = Math.Max(from + 1, (int)Math.Ceiling(Math.Log10(most)));
            return new Scale(v => (Math.Log10(v) - from) / (to - from), [.. Enumerable.Range(from, to - from + 1).Select(e => Math.Pow(10, e))]);
        }

        // About five steps, each 1, 2 or 5 times a power of ten.
        private static double StepOf(double most)
        {
            double power = Math.Pow(10, Math.Floor(Math.Log10(most / 5)));
            double left = most / 5 / power;
            return power * (left <= 1 ? 1 : left <= 2 ? 2 : left <= 5 ? 5 : 10);
        }
    }
}
