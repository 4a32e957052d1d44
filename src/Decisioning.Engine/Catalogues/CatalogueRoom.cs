using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Catalogues;

/// <summary>
/// Where brands' documents are kept, compiled and changed. Readers take the whole snapshot; changes come one after another, each on disk before it is live. A document
/// that is put is compiled before its turn: the largest takes longer than everything else together, and a pause must not wait for it.
/// </summary>
internal sealed class CatalogueRoom : ICatalogueSource, IDisposable
{
    private const string SettingsName = "server.settings";
    private const string NextSymbolName = "brands.next";

    private readonly ICatalogueStore _store;
    private readonly IndustryTable _industries;
    private readonly HostClock _clock;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private CatalogueSnapshot _current;
    private byte[]? _settings;

    /// <summary>Reads and compiles what is stored.</summary>
    /// <exception cref="InvalidDataException">A stored document no longer compiles; the message names its faults.</exception>
    public CatalogueRoom(ICatalogueStore store, IndustryTable industries, HostClock clock)
    {
        _store = store;
        _industries = industries;
        _clock = clock;
        Pending = new PendingRules(store);
        _settings = store.ReadSetting(SettingsName);
        _current = Read(store, industries, null);
    }

    public CatalogueSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Brands whose consumers are yet to be brought under changed rules.</summary>
    public PendingRules Pending { get; }

    /// <summary>True until the first brand is put.</summary>
    public bool NeverHadBrands => HadNoBrands(_store);

    /// <summary>True where no brand was ever put into the store.</summary>
    public static bool HadNoBrands(ICatalogueStore store) => store.ReadSetting(NextSymbolName) is null;

    /// <summary>Reads what is stored, and compiles what is not in an earlier snapshot already.</summary>
    /// <exception cref="InvalidDataException">A stored document no longer compiles; the message names its faults.</exception>
    public static CatalogueSnapshot Read(ICatalogueStore store, IndustryTable industries, CatalogueSnapshot? before)
    {
        byte[]? settings = store.ReadSetting(SettingsName);
        BrandSnapshot[] brands =
        [
            .. store.ReadBrands().Select(row => before?.Find(row.Id) is { } known && known.Version == TextOf(row.Version) ? known : Restore(row, industries)),
        ];
        return new CatalogueSnapshot(brands, CompileSettings(settings), CatalogueVersion.Of(brands, settings));
    }

    /// <summary>Null where there is no such brand.</summary>
    public ReadOnlyMemory<byte>? Read(string brandId) => _store.FindBrand(brandId) is { Deleted: false } row ? row.Document : default(ReadOnlyMemory<byte>?);

    public IReadOnlyList<AuditEntry> ReadAudit(string brandId) =>
        [.. _store.ReadAudit(brandId).Select(static row => new AuditEntry(row.At, row.Actor, row.Action, row.Path, row.Before, row.After))];

    public async ValueTask<CatalogueChange> PutAsync(
        string brandId, ReadOnlyMemory<byte> document, string? ifMatch, string actor, CancellationToken cancellation)
    {
        Draft draft = Compile(document, ContextOf(brandId, _store.FindBrand(brandId)));
        using Turnstile turn = await EnterAsync(cancellation);
        BrandRow? row = _store.FindBrand(brandId);
        string? version = LiveVersion(row);
        if (ifMatch is not null && ifMatch != version)
        {
            return new CatalogueChange(CatalogueOutcome.VersionConflict, version, [], []);
        }

        CompileContext context = ContextOf(brandId, row);
        return Put(draft.IsOf(context) ? draft : Compile(document, context), row, next => new AuditRow(brandId, _clock.Now, actor, "put", "", version, next));
    }

    public async ValueTask<CatalogueChange> DeleteAsync(string brandId, string? ifMatch, string actor, CancellationToken cancellation)
    {
        using Turnstile turn = await EnterAsync(cancellation);
        string? version = LiveVersion(_store.FindBrand(brandId));
        if (version is null)
        {
            return NotFound;
        }

        if (ifMatch is not null && ifMatch != version)
        {
            return new CatalogueChange(CatalogueOutcome.VersionConflict, version, [], []);
        }

        long now = _clock.Now;
        _store.DeleteBrand(brandId, now, [new AuditRow(brandId, now, actor, "delete", "", version, null)]);
        Publish([.. Current.Brands.Where(b => b.Id != brandId)], Current.Settings);
        return new CatalogueChange(CatalogueOutcome.Done, null, [], []);
    }

    public async ValueTask<CatalogueChange> SetStatusAsync(
        string brandId, SymbolKind kind, string id, bool paused, string actor, CancellationToken cancellation)
    {
        using Turnstile turn = await EnterAsync(cancellation);
        if (Current.Find(brandId) is not { } brand || PausedOf(brand, kind, id) is not { } before || _store.FindBrand(brandId) is not { Deleted: false } row)
        {
            return NotFound;
        }

        if (before == paused)
        {
            return new CatalogueChange(CatalogueOutcome.Done, brand.Version, [], []);
        }

        string path = $"/{(kind == SymbolKind.Campaign ? "campaigns" : "creatives")}/{id}/status";
        return CataloguePatch.SetStatus(row.Document, kind, id, paused) is { } document
            ? Put(Compile(document, ContextOf(brandId, row)), row, _ => new AuditRow(brandId, _clock.Now, actor, "patch", path, NameOf(before), NameOf(paused)))
            : NotFound;
    }

    public async ValueTask<CatalogueChange> PutSettingsAsync(ReadOnlyMemory<byte> document, string actor, CancellationToken cancellation)
    {
        using Turnstile turn = await EnterAsync(cancellation);
        SettingsResult result = SettingsCompiler.Compile(document);
        if (result.Settings is not { } settings)
        {
            return new CatalogueChange(CatalogueOutcome.Invalid, null, result.Faults, []);
        }

        string? before = _settings is null ? null : Encoding.UTF8.GetString(_settings);
        _store.WriteSetting(SettingsName, document.Span, [new AuditRow("", _clock.Now, actor, "put", "/settings", before, Encoding.UTF8.GetString(document.Span))]);
        _settings = document.ToArray();
        Publish(Current.Brands, settings);
        return new CatalogueChange(CatalogueOutcome.Done, Current.Version, [], []);
    }

    public void Dispose() => _changing.Dispose();

    private static CatalogueChange NotFound { get; } = new(CatalogueOutcome.NotFound, null, [], []);

    private static string NameOf(bool paused) => paused ? "paused" : "active";

    private static string? LiveVersion(BrandRow? row) => row is { Deleted: false } ? TextOf(row.Version) : null;

    private static string TextOf(long version) => version.ToString(CultureInfo.InvariantCulture);

    private static bool? PausedOf(BrandSnapshot brand, SymbolKind kind, string id) => kind switch
    {
        SymbolKind.Campaign => Array.Find(brand.Campaigns, c => c.Id == id)?.Paused,
        SymbolKind.Creative => brand.Creatives.GetValueOrDefault(id)?.Paused,
        _ => null,
    };

    private CompileContext ContextOf(string brandId, BrandRow? row) => new(
        brandId, row?.Symbol ?? NextSymbol(), TextOf((row?.Version ?? 0) + 1), row is null ? BrandSymbols.Empty : new BrandSymbols(row.Symbols),
        Current.Find(brandId), _industries);

    private static Draft Compile(ReadOnlyMemory<byte> document, CompileContext context) => new(context, CatalogueCompiler.Compile(document, context));

    private CatalogueChange Put(Draft draft, BrandRow? row, Func<string, AuditRow> audit)
    {
        (CompileContext context, CompileResult result) = (draft.Context, draft.Result);
        if (result.Brand is not { } brand)
        {
            return new CatalogueChange(CatalogueOutcome.Invalid, LiveVersion(row), result.Faults, result.Warnings);
        }

        // Before the document: after a crash in between consumers are gone over for nothing, which does no harm.
        bool restaged = row is not null && (row.Deleted || context.Previous is not { } before || PendingRules.Differ(before.Rules, brand.Rules));
        if (row is null)
        {
            KeepSymbol(brand.Symbol);
        }
        else if (restaged)
        {
            Pending.Add(brand.Symbol);
        }

        try
        {
            Store(brand, (row?.Version ?? 0) + 1, result.Document, audit(brand.Version));
            Publish([.. Current.Brands.Where(b => b.Id != brand.Id), brand], Current.Settings);
        }
        finally
        {
            Pending.Live(brand.Symbol);
        }

        return new CatalogueChange(CatalogueOutcome.Done, brand.Version, [], result.Warnings);
    }

    private void Store(BrandSnapshot brand, long version, ReadOnlyMemory<byte> document, AuditRow audit)
    {
        IReadOnlyList<IReadOnlyList<string>> names =
        [
            brand.Symbols.Names(SymbolKind.Campaign), brand.Symbols.Names(SymbolKind.Step), brand.Symbols.Names(SymbolKind.Creative),
        ];
        _store.WriteBrand(new BrandRow(brand.Id, brand.Symbol, version, _clock.Now, document.ToArray(), names, Deleted: false), [audit]);
    }

    private void Publish(BrandSnapshot[] brands, ServerSettings settings) =>
        Volatile.Write(ref _current, new CatalogueSnapshot(brands, settings, CatalogueVersion.Of(brands, _settings)));

    private static BrandSnapshot Restore(BrandRow row, IndustryTable industries)
    {
        CompileContext context = new(row.Id, row.Symbol, TextOf(row.Version), new BrandSymbols(row.Symbols), null, industries);
        CompileResult result = CatalogueCompiler.Compile(row.Document, context);
        return result.Brand ?? throw new InvalidDataException($"The stored document of brand {row.Id} has faults: {FaultText.Of(result.Faults)}");
    }

    private static ServerSettings CompileSettings(byte[]? document)
    {
        if (document is null)
        {
            return ServerSettings.Default;
        }

        SettingsResult result = SettingsCompiler.Compile(document);
        return result.Settings ?? throw new InvalidDataException($"The stored settings have faults: {FaultText.Of(result.Faults)}");
    }

    // Numbers are given in order from 1. The next one is kept before a brand takes its number: a crash in between wastes one, and none is given twice.
    private int NextSymbol() => _store.ReadSetting(NextSymbolName) is { } bytes ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 1;

    private void KeepSymbol(int taken)
    {
        Span<byte> next = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(next, taken + 1);
        _store.WriteSetting(NextSymbolName, next, []);
    }

    private async ValueTask<Turnstile> EnterAsync(CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation);
        return new Turnstile(_changing);
    }

    /// <summary>What compiling a document gave, and against what.</summary>
    private sealed record Draft(CompileContext Context, CompileResult Result)
    {
        /// <summary>Whether compiling it against what stands now would give the same. A brand's symbols are those of its version.</summary>
        public bool IsOf(CompileContext now) =>
            (Context.BrandSymbol, Context.Version) == (now.BrandSymbol, now.Version) && ReferenceEquals(Context.Previous, now.Previous);
    }

    private readonly struct Turnstile(SemaphoreSlim changing) : IDisposable
    {
        public void Dispose() => changing.Release();
    }
}
