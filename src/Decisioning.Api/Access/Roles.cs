namespace Decisioning.Api.Access;

/// <summary>What a key may do. <see cref="Admin"/> does not include the others.</summary>
[Flags]
public enum Roles : byte
{
    None = 0,

    /// <summary>Ask for decisions.</summary>
    Decide = 1,

    /// <summary>Report events.</summary>
    Ingest = 2,

    /// <summary>Read consumers.</summary>
    Consumer = 4,

    /// <summary>Read brands and their figures.</summary>
    Watch = 8,

    /// <summary>Change the catalogue and settings, erase consumers, use the sandbox.</summary>
    Admin = 16,

    All = Decide | Ingest | Consumer | Watch | Admin,
}

/// <summary>The roles' names, as in configuration.</summary>
public static class RoleNames
{
    /// <summary>In the order of their bits.</summary>
    public static IReadOnlyList<string> All { get; } = ["decide", "ingest", "consumer", "watch", "admin"];

    public static bool TryParse(string name, out Roles role)
    {
        for (int i = 0; i < All.Count; i++)
        {
            if (string.Equals(All[i], name, StringComparison.Ordinal))
            {
                role = (Roles)(1 << i);
                return true;
            }
        }

        role = Roles.None;
        return false;
    }
}
