namespace Decisioning.Lab.Recount;

/// <summary>What of a brand's books a figure is of.</summary>
internal enum FigureScope { Brand, Hour, Campaign, Creative, Step, Channel }

/// <summary>Names one figure of the books.</summary>
/// <param name="Brand">Brand symbol.</param>
/// <param name="Of">Of an hour its start, ms since the Unix epoch; of a campaign, creative or step its symbol; of a channel its mark; of the brand 0.</param>
/// <param name="Name">As the books call it.</param>
internal readonly record struct Figure(int Brand, FigureScope Scope, long Of, string Name);
