using System.Security.Cryptography;
using Decisioning.Api.Access;

namespace Decisioning.Server.Options;

/// <summary>Reads the configured keys.</summary>
internal sealed class KeyEntryReader(List<string> faults, LimitOptions limits)
{
    private const string AllBrands = "all";
    private static readonly string[] Names = ["Id", "Hash", "Roles", "Brands", "Origins", "RequestsPerSecond", "Burst"];

    public List<KeyEntry> ReadAll(IConfigurationSection section)
    {
        List<KeyEntry> entries = [.. section.GetChildren().Select(Read)];
        foreach (IGrouping<string, KeyEntry> twice in entries.GroupBy(e => e.Id, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            faults.Add($"Keys: the id {twice.Key} is there twice.");
        }

        foreach (IGrouping<string, KeyEntry> twice in entries.Where(e => e.Hash.Length > 0)
            .GroupBy(e => Convert.ToHexString(e.Hash), StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            faults.Add($"Keys: {string.Join(" and ", twice.Select(e => e.Id))} have the same hash.");
        }

        return entries;
    }

    private KeyEntry Read(IConfigurationSection section)
    {
        ConfigurationValues.RefuseUnknown(section, Names, faults);
        string id = section["Id"] ?? "";
        if (id.Length is 0 or > 64)
        {
            faults.Add($"{section.Path}: Id must be of 1 to 64 characters.");
        }

        List<string> brands = ConfigurationValues.Strings(section.GetSection("Brands"));
        if (brands.Count == 0)
        {
            faults.Add($"{section.Path}: Brands must name brands, or {AllBrands}.");
        }

        return new KeyEntry(
            id,
            ReadHash(section),
            ReadRoles(section),
            brands.Contains(AllBrands) ? null : brands,
            ConfigurationValues.Origins(section.GetSection("Origins"), faults),
            ConfigurationValues.Whole(section.GetSection("RequestsPerSecond"), limits.RequestsPerSecond, faults),
            ConfigurationValues.Whole(section.GetSection("Burst"), limits.Burst, faults));
    }

    private byte[] ReadHash(IConfigurationSection section)
    {
        string text = section["Hash"] ?? "";
        if (text.Length == SHA256.HashSizeInBytes * 2 && text.All(char.IsAsciiHexDigit))
        {
            return Convert.FromHexString(text);
        }

        faults.Add($"{section.Path}: Hash must be the key's SHA-256 in hexadecimal, as \"keys new\" prints it.");
        return [];
    }

    private Roles ReadRoles(IConfigurationSection section)
    {
        Roles roles = Roles.None;
        foreach (string name in ConfigurationValues.Strings(section.GetSection("Roles")))
        {
            if (RoleNames.TryParse(name, out Roles role))
            {
                roles |= role;
            }
            else
            {
                faults.Add($"{section.Path}: {name} is not a role. The roles are {string.Join(", ", RoleNames.All)}.");
            }
        }

        if (roles == Roles.None)
        {
            faults.Add($"{section.Path}: Roles must name at least one of {string.Join(", ", RoleNames.All)}.");
        }

        return roles;
    }
}
