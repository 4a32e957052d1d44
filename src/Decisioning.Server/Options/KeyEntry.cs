using Decisioning.Api.Access;

namespace Decisioning.Server.Options;

/// <summary>One key as configured.</summary>
/// <param name="Id">Names it in the audit trail.</param>
/// <param name="Hash">SHA-256 of its text, 32 bytes.</param>
/// <param name="Roles">What it may do; at least one.</param>
/// <param name="Brands">Brands it may use; null: all.</param>
/// <param name="Origins">Where not empty, it serves only pages of these origins.</param>
/// <param name="RequestsPerSecond">Its own rate.</param>
/// <param name="Burst">Its own burst.</param>
internal sealed record KeyEntry(
    string Id, byte[] Hash, Roles Roles, IReadOnlyList<string>? Brands, IReadOnlyList<string> Origins, int RequestsPerSecond, int Burst)
{
    public ApiKey ToKey(TimeProvider clock) => new(Id, Hash, Roles, Brands, Origins, new RateBucket(RequestsPerSecond, Burst, clock));
}
