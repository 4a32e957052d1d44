using System.Runtime.InteropServices;

namespace Decisioning.Lab.Recount;

/// <summary>Figures of books, added up one by one.</summary>
internal sealed class FigureSums
{
    private readonly Dictionary<Figure, long> _sums = [];

    public IReadOnlyDictionary<Figure, long> All => _sums;

    public void Add(in Figure figure, long amount)
    {
        if (amount != 0)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_sums, figure, out _) += amount;
        }
    }

    /// <summary>Adds to a sum of the brand since its books began.</summary>
    public void AddBrand(int brand, string name, long amount) => Add(new Figure(brand, FigureScope.Brand, 0, name), amount);

    /// <summary>Adds to a sum of the UTC hour of an instant.</summary>
    public void AddHour(int brand, long at, string name, long amount) => Add(new Figure(brand, FigureScope.Hour, at - at % RecountRules.Hour, name), amount);

    /// <summary>Adds to everything that a decision is of.</summary>
    public void AddDelivery(in Delivered of, string name, long amount)
    {
        Add(new Figure(of.Brand, FigureScope.Campaign, of.Campaign, name), amount);
        Add(new Figure(of.Brand, FigureScope.Creative, of.Creative, name), amount);
        Add(new Figure(of.Brand, FigureScope.Step, of.Step, name), amount);
        Add(new Figure(of.Brand, FigureScope.Channel, of.ChannelMark, name), amount);
    }
}

/// <summary>What a decision is of, by symbol.</summary>
internal readonly record struct Delivered(int Brand, int Campaign, int Step, int Creative, ushort ChannelMark);
