using Decisioning.Core.Decide;

namespace Decisioning.Api.Requests;

/// <summary>A decision request as read.</summary>
internal sealed class DecideRequest
{
    public DecideCommand Command { get; } = new();

    /// <summary>Null where the request has no <c>events</c>.</summary>
    public EventBatch? Events { get; set; }

    /// <summary>Members that are known but not served yet, by pointer.</summary>
    public List<string>? Unsupported { get; set; }

    /// <summary>Brands named that the key may not use.</summary>
    public List<string>? Forbidden { get; set; }
}
