using System.Text;
using Decisioning.Core.Hosting;
using Decisioning.Engine;
using Decisioning.Engine.Residency;

namespace Decisioning.Benchmarks.Known;

/// <summary>How large a catalogue is.</summary>
/// <param name="Brands">At least as many as a history meets.</param>
/// <param name="Creatives">Of each; at least one for each of a story's steps.</param>
internal readonly record struct CatalogueSize(int Brands, int Creatives);

/// <summary>A data folder with brands, 20 of 20 creatives unless told otherwise, and consumers who are known from before.</summary>
internal static class KnownWorld
{
    public const int Brands = 20;
    public const int Steps = 5;

    /// <summary>What a slot of the table of those in memory takes, at the fill it has on average.</summary>
    private const int TableBytes = 30;

    public static readonly CatalogueSize Usual = new(Brands, 20);

    /// <summary>Makes the folder's content and opens a host on it, nobody resident yet.</summary>
    public static async Task<EmbeddedHost> OpenAsync(string folder, History history, int consumers, Func<EngineOptions, EngineOptions>? with = null)
    {
        Write(folder, history, consumers);
        EngineOptions options = new() { DataFolder = folder };
        EmbeddedHost host = await EmbeddedHost.OpenAsync(with?.Invoke(options) ?? options, TimeProvider.System, CancellationToken.None);
        await PutBrandsAsync(host);
        return host;
    }

    /// <summary>Writes the consumers; the mean size of their packed states.</summary>
    public static double Write(string folder, History history, int consumers) => Write(folder, history, consumers, Usual);

    /// <summary>Writes consumers who have met brands of that size; the mean size of their packed states.</summary>
    public static double Write(string folder, History history, int consumers, CatalogueSize size)
    {
        PackedConsumers packed = Pack(history, size);
        KnownConsumers.Write(folder, packed, consumers);
        return packed.MeanBytes;
    }

    /// <summary>Consumers who have met these brands.</summary>
    public static PackedConsumers Pack(History history) => Pack(history, Usual);

    /// <summary>What so many consumers take in memory.</summary>
    /// <param name="packed">The mean size of their packed states.</param>
    public static long ResidentBytes(int consumers, double packed) => consumers * (long)(StatePool.HeapBytes(StatePool.LengthFor((int)packed)) + TableBytes);

    /// <summary>Puts the brands, in the order that gives them the numbers that the written states have.</summary>
    public static Task PutBrandsAsync(IDecisionHost host, int brands = Brands) => PutBrandsAsync(host, Usual with { Brands = brands });

    /// <summary>Puts brands of that size, in the order that gives them the numbers that the written states have.</summary>
    public static async Task PutBrandsAsync(IDecisionHost host, CatalogueSize size)
    {
        for (int b = 0; b < size.Brands; b++)
        {
            byte[] document = Encoding.UTF8.GetBytes(Catalogues.Document(b, size.Creatives, Steps));
            CatalogueChange change = await host.PutBrandAsync(Catalogues.IdOf(b), document, null, "benchmark", CancellationToken.None);
            if (change.Outcome != CatalogueOutcome.Done || host.Catalogue.Find(Catalogues.IdOf(b))?.Symbol != b + 1)
            {
                throw new InvalidOperationException($"Brand {b} was not put as number {b + 1}: {change.Outcome}, {string.Join("; ", change.Faults)}");
            }
        }
    }

    private static PackedConsumers Pack(History history, CatalogueSize size) =>
        new(Catalogues.Of(size.Brands, size.Creatives, Steps), history, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
}
