using Decisioning.Api.Replies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Decisioning.Api.Endpoints;

/// <summary>The version a change is made against, from <c>If-Match</c>.</summary>
internal static class IfMatch
{
    /// <summary>Reads the header; false with the problem where the change cannot go ahead.</summary>
    /// <param name="request">The change.</param>
    /// <param name="current">The version that stands; null where there is none.</param>
    /// <param name="version">The version to be replaced; null: any.</param>
    /// <param name="problem">Why not.</param>
    public static bool TryRead(HttpRequest request, string? current, out string? version, out Problem? problem)
    {
        version = null;
        problem = null;
        StringValues header = request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return true;
        }

        if (!EntityTagHeaderValue.TryParseStrictList(header, out IList<EntityTagHeaderValue>? tags))
        {
            problem = new Problem(400, ProblemCodes.Malformed, "If-Match must be a quoted version, as in ETag, or *.");
            return false;
        }

        foreach (EntityTagHeaderValue tag in tags)
        {
            if (current is not null && (tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag.AsSpan(1, tag.Tag.Length - 2).SequenceEqual(current))))
            {
                version = current;
                return true;
            }
        }

        problem = Conflict(current);
        return false;
    }

    /// <summary>The change was made against another version than the one that stands.</summary>
    public static Problem Conflict(string? current) =>
        new(412, ProblemCodes.VersionConflict, "The change was made against another version than the one that stands.")
        {
            CurrentVersion = current,
        };

    /// <summary>The <c>ETag</c> of a version.</summary>
    public static string TagOf(string version) => $"\"{version}\"";
}
