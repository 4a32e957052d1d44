using Decisioning.Core.Consumers;

namespace Decisioning.Core.Aggregate;

/// <summary>The compact form of a fixed row of figures: how many, then each.</summary>
internal static class Figures
{
    public static void Write(ReadOnlySpan<long> figures, ByteWriter to)
    {
        to.Varint((ulong)figures.Length);
        foreach (long figure in figures)
        {
            to.Signed(figure);
        }
    }

    public static void Read(scoped Span<long> figures, ref ByteReader from)
    {
        if (from.Int(figures.Length) != figures.Length)
        {
            from.Fail();
        }

        foreach (ref long figure in figures)
        {
            figure = from.Signed();
        }
    }

    public static void Add(Span<long> figures, ReadOnlySpan<long> more)
    {
        for (int i = 0; i < figures.Length; i++)
        {
            figures[i] += more[i];
        }
    }
}
