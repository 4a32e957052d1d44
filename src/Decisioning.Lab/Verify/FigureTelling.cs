using System.Globalization;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>Puts names into recounted figures. What has no name, such as the campaign of a creative shown elsewhere, is shown nowhere and left out.</summary>
internal sealed class FigureTelling(FigureSums sums, IReadOnlyDictionary<(int Brand, ushort Mark), string> channels)
{
    public static string HourText(long hour) => DateTimeOffset.FromUnixTimeMilliseconds(hour).ToString("yyyy-MM-dd'T'HH'Z'", CultureInfo.InvariantCulture);

    /// <summary>The hour that <see cref="HourText"/> told, ms since the Unix epoch.</summary>
    public static long HourOf(string text) =>
        DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();

    public Dictionary<ToldFigure, long> Of(BrandSnapshot brand)
    {
        Dictionary<ToldFigure, long> told = [];
        foreach ((Figure figure, long sum) in sums.All)
        {
            if (figure.Brand == brand.Symbol && NameOf(brand, figure) is { } name)
            {
                var key = new ToldFigure(figure.Scope, name, figure.Name);
                told[key] = told.GetValueOrDefault(key) + sum;
            }
        }

        return told;
    }

    private string? NameOf(BrandSnapshot brand, in Figure figure) => figure.Scope switch
    {
        FigureScope.Brand => "",
        FigureScope.Hour => HourText(figure.Of),
        FigureScope.Campaign => brand.Symbols.NameOf(SymbolKind.Campaign, (int)figure.Of),
        FigureScope.Creative => brand.Symbols.NameOf(SymbolKind.Creative, (int)figure.Of),
        FigureScope.Step => brand.Symbols.NameOf(SymbolKind.Step, (int)figure.Of),
        _ => figure.Of == ChannelMark.None ? "" : channels.GetValueOrDefault((brand.Symbol, (ushort)figure.Of), BookBounds.OtherChannel),
    };
}
