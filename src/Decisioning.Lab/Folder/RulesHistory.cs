using System.Buffers.Binary;
using System.Text.Json;
using Decisioning.Engine.Storage;

namespace Decisioning.Lab.Folder;

/// <summary>Since when each brand has had the rules that it has now: what was worked out under others cannot be worked out again by these.</summary>
internal sealed class RulesHistory
{
    private const string Pending = "rules.pending";
    private const string BrandHoldout = "brandHoldout";

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
    public bool HoldsStill(int brand, string campaign) => StandsStill(brand, campaign, BrandHoldout, "holdout");

    /// <summary>Whether a campaign has had the same price, flight and budget ever since it is there.</summary>
    public bool IsPricedStill(int brand, string campaign) => StandsStill(brand, campaign, "price", "from", "to", "budget");

    /// <summary>Whether consumers are yet to be brought under them.</summary>
    public bool IsPending(int brand) => _pending.Contains(brand);

    /// <summary>Since when a document has the campaign, ms since the Unix epoch; half of <see cref="long.MaxValue"/>: none does.</summary>
    public long KnownSince(int brand, string campaign) =>
        (_rows.GetValueOrDefault(brand) ?? []).Where(row => MembersOf(row, campaign, []) is not null).Select(static row => row.At).DefaultIfEmpty(long.MaxValue / 2).Min();

    private bool StandsStill(int brand, string campaign, params string[] members) =>
        _rows.TryGetValue(brand, out BrandRow[]? rows) && rows.Select(row => MembersOf(row, campaign, members)).Where(m => m is not null).Distinct().Count() == 1;

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

    /// <summary>What a document says of a campaign in some members, each taken from whom it is like where it says nothing itself, or from the brand; null where it has no such campaign.</summary>
    private static string? MembersOf(BrandRow row, string campaign, string[] members)
    {
        using JsonDocument document = Parse(row);
        if (!document.RootElement.TryGetProperty("campaigns", out JsonElement campaigns) || !campaigns.TryGetProperty(campaign, out JsonElement entry))
        {
            return null;
        }

        return string.Join(' ', members.Select(member => member == BrandHoldout ? TextOf(document.RootElement, member) : InheritedTextOf(campaigns, entry, member)));
    }

    private static string InheritedTextOf(JsonElement campaigns, JsonElement entry, string member)
    {
        while (TextOf(entry, member) is "" && entry.TryGetProperty("like", out JsonElement like))
        {
            entry = campaigns.GetProperty(like.GetString()!);
        }

        return TextOf(entry, member);
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
