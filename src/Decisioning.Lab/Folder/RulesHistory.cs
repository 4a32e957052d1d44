using System.Buffers.Binary;
using System.Text.Json;
using Decisioning.Engine.Storage;

namespace Decisioning.Lab.Folder;

/// <summary>Since when each brand has had the rules that it has now: what was worked out under others cannot be worked out again by these.</summary>
internal sealed class RulesHistory
{
    private const string Pending = "rules.pending";

    private readonly Dictionary<int, (long Since, bool Changed)> _brands = [];
    private readonly Dictionary<int, BrandRow[]> _rows = [];
    private readonly HashSet<int> _pending = [];

    private RulesHistory(IStateStore store)
    {
        foreach (BrandRow row in store.ReadBrands().Concat(store.ReadBrands(deleted: true)))
        {
            IReadOnlyList<BrandRow> before = store.ReadBrandHistory(row.Id);
            _brands[row.Symbol] = Read(row, before);
            _rows[row.Symbol] = [.. before, row];
        }

        byte[] pending = store.ReadSetting(Pending) ?? [];
        for (int at = 0; at + sizeof(int) <= pending.Length; at += sizeof(int))
        {
            _pending.Add(BinaryPrimitives.ReadInt32LittleEndian(pending.AsSpan(at)));
        }
    }

    public static RulesHistory Of(IStateStore store) => new(store);

    /// <summary>Since when the rules stand, ms since the Unix epoch.</summary>
    public long Since(int brand) => _brands.TryGetValue(brand, out var rules) ? rules.Since : long.MaxValue;

    /// <summary>Whether there were others before.</summary>
    public bool Changed(int brand) => !_brands.TryGetValue(brand, out var rules) || rules.Changed;

    /// <summary>Whether a campaign has held out the same share ever since it is there.</summary>
    public bool HoldsStill(int brand, string campaign) =>
        _rows.TryGetValue(brand, out BrandRow[]? rows) && rows.Select(row => HoldoutOf(row, campaign)).Where(h => h is not null).Distinct().Count() == 1;

    /// <summary>Whether consumers are yet to be brought under them.</summary>
    public bool IsPending(int brand) => _pending.Contains(brand);

    private static (long Since, bool Changed) Read(BrandRow now, IReadOnlyList<BrandRow> before)
    {
        string rules = RulesOf(now);
        long since = now.At;
        for (int i = before.Count - 1; i >= 0; i--)
        {
            if (RulesOf(before[i]) != rules)
            {
                return (since, true);
            }

            since = before[i].At;
        }

        return (since, false);
    }

    /// <summary>What of a document bears on a campaign's holdout; null where it has no such campaign.</summary>
    private static string? HoldoutOf(BrandRow row, string campaign)
    {
        using JsonDocument document = Parse(row);
        if (!document.RootElement.TryGetProperty("campaigns", out JsonElement campaigns) || !campaigns.TryGetProperty(campaign, out JsonElement entry))
        {
            return null;
        }

        string brand = TextOf(document.RootElement, "brandHoldout");
        while (TextOf(entry, "holdout") is "" && entry.TryGetProperty("like", out JsonElement like))
        {
            entry = campaigns.GetProperty(like.GetString()!);
        }

        return $"{brand} {TextOf(entry, "holdout")}";
    }

    /// <summary>What of a document bears on stages, days and weights.</summary>
    private static string RulesOf(BrandRow row)
    {
        using JsonDocument document = Parse(row);
        return string.Join('\n', new[] { "rules", "industry", "timeZone" }.Select(name => TextOf(document.RootElement, name)));
    }

    private static JsonDocument Parse(BrandRow row) =>
        JsonDocument.Parse(row.Document, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });

    private static string TextOf(JsonElement from, string name) => from.TryGetProperty(name, out JsonElement value) ? value.GetRawText() : "";
}
