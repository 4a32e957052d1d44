using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;
using Orleans.CodeGeneration;
using Orleans.Concurrency;

namespace Decisioning.Cluster.Catalogue;

/// <summary>Through whom the catalogue is changed; one in the cluster, its key 0.</summary>
[Alias("decisioning.catalogue")]
[Version(1)]
internal interface ICatalogueGrain : IGrainWithIntegerKey
{
    [Alias("put")]
    Task<CatalogueAnswer> PutAsync(string brand, [Immutable] byte[] document, string? ifMatch, string actor);

    [Alias("delete")]
    Task<CatalogueAnswer> DeleteAsync(string brand, string? ifMatch, string actor);

    /// <param name="kind">A <see cref="SymbolKind"/>.</param>
    [Alias("status")]
    Task<CatalogueAnswer> SetStatusAsync(string brand, byte kind, string id, bool paused, string actor);

    [Alias("settings")]
    Task<CatalogueAnswer> PutSettingsAsync([Immutable] byte[] document, string actor);

    /// <summary>Goes on with what changed rules have left to do.</summary>
    [Alias("rules")]
    Task WorkOffRulesAsync();
}

/// <summary>What became of a change.</summary>
[GenerateSerializer, Immutable, Alias("decisioning.catalogue.answer")]
internal sealed class CatalogueAnswer
{
    /// <summary>A <see cref="CatalogueOutcome"/>.</summary>
    [Id(0)]
    public byte Outcome { get; init; }

    /// <summary>The brand's version; null where there is none.</summary>
    [Id(1)]
    public string? Version { get; init; }

    [Id(2)]
    public FaultForm[] Faults { get; init; } = [];

    [Id(3)]
    public FaultForm[] Warnings { get; init; } = [];

    /// <summary>The catalogue's version in the store with this change in it.</summary>
    [Id(4)]
    public long StoreVersion { get; init; }

    /// <summary>Why nothing could be done now; null where it could.</summary>
    [Id(5)]
    public string? Unavailable { get; init; }

    public static CatalogueAnswer Of(CatalogueChange change, long storeVersion) => new()
    {
        Outcome = (byte)change.Outcome,
        Version = change.Version,
        Faults = [.. change.Faults.Select(FaultForm.Of)],
        Warnings = [.. change.Warnings.Select(FaultForm.Of)],
        StoreVersion = storeVersion,
    };

    public CatalogueChange ToChange() =>
        new((CatalogueOutcome)Outcome, Version, [.. Faults.Select(static f => f.ToFault())], [.. Warnings.Select(static f => f.ToFault())]);
}

[GenerateSerializer, Immutable, Alias("decisioning.fault")]
internal readonly struct FaultForm
{
    [Id(0)]
    public string Pointer { get; init; }

    [Id(1)]
    public string Code { get; init; }

    [Id(2)]
    public string Detail { get; init; }

    public static FaultForm Of(Fault fault) => new() { Pointer = fault.Pointer, Code = fault.Code, Detail = fault.Detail };

    public Fault ToFault() => new(Pointer, Code, Detail);
}
