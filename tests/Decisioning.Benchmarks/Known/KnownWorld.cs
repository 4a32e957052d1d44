using System.Text;
using Decisioning.Core.Hosting;
using Decisioning.Engine;

namespace Decisioning.Benchmarks.Known;

/// <summary>A data folder with 20 brands of 20 creatives and consumers who are known from before.</summary>
internal static class KnownWorld
{
    public const int Brands = 20;
    private const int Creatives = 20;
    private const int Steps = 5;

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
    public static double Write(string folder, History history, int consumers)
    {
        PackedConsumers packed = Pack(history);
        KnownConsumers.Write(folder, packed, consumers);
        return packed.MeanBytes;
    }

    /// <summary>Consumers who have met these brands.</summary>
    public static PackedConsumers Pack(History history) =>
        new(Catalogues.Of(Brands, Creatives, Steps), history, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    /// <summary>Puts the brands, in the order that gives them the numbers that the written states have.</summary>
    public static async Task PutBrandsAsync(IDecisionHost host, int brands = Brands)
    {
        for (int b = 0; b < brands; b++)
        {
            byte[] document = Encoding.UTF8.GetBytes(Catalogues.Document(b, Creatives, Steps));
            CatalogueChange change = await host.PutBrandAsync(Catalogues.IdOf(b), document, null, "benchmark", CancellationToken.None);
            if (change.Outcome != CatalogueOutcome.Done || host.Catalogue.Find(Catalogues.IdOf(b))?.Symbol != b + 1)
            {
                throw new InvalidOperationException($"Brand {b} was not put as number {b + 1}: {change.Outcome}, {string.Join("; ", change.Faults)}");
            }
        }
    }
}
