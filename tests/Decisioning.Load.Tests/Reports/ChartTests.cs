using System.Xml.Linq;
using Decisioning.Load.Reports;

namespace Decisioning.Load.Tests.Reports;

public sealed class ChartTests
{
    private static readonly ChartLine Time = new("time", 1, [(0, 1), (1, 1.5), (2, 2)]);
    private static readonly ChartLine Alone = new("alone", 2, [(0, 1)]);

    [Fact]
    public void A_file_of_its_own_has_its_title_colours_marks_and_legend()
    {
        Chart chart = new("A decision and its cost", "times", "consumers") { Marks = [(0, "10"), (1, "100"), (2, "1,000")] };

        var file = XDocument.Parse(chart.DrawFile(Time, Alone));

        string[] texts = [.. file.Descendants().Where(e => e.Name.LocalName is "text" or "tspan").Select(e => e.Value)];
        Assert.All(["A decision and its cost", "10", "100", "1,000", "consumers", "— time", "0", "1", "2"], text => Assert.Contains(text, texts));
        Assert.DoesNotContain("— alone", texts);
        Assert.Single(file.Descendants(), e => e.Name.LocalName == "path");
        Assert.Contains("path.c1", Assert.Single(file.Descendants(), e => e.Name.LocalName == "style").Value, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_page_there_is_nothing_where_there_is_nothing_to_draw()
    {
        Assert.Equal("", new Chart("t", "u", "x").Draw(Alone));
        Assert.Contains("<span class=\"c1\">time</span>", new Chart("t", "u", "x").Draw(Time, Alone), StringComparison.Ordinal);
    }
}
