using System.Text.Json;
using Decisioning.Api.Replies;

namespace Decisioning.Api.Requests;

/// <summary>Reads one kind of body. Faults go to the cursor; what is returned counts only where there are none.</summary>
internal delegate T ReadDocument<in TContext, out T>(ref JsonCursor json, TContext context);

/// <summary>The one place where a body's bytes become a request or a refusal.</summary>
internal static class BodyReading
{
    /// <summary>Reads a body; null with the problem where it is not JSON or has faults.</summary>
    public static T? Read<TContext, T>(ReadOnlySpan<byte> body, TContext context, ReadDocument<TContext, T> read, out Problem? problem)
        where T : class
    {
        problem = BodyText.Check(body);
        if (problem is not null)
        {
            return null;
        }

        try
        {
            JsonCursor json = new(body);
            T request = read(ref json, context);
            json.Finish();
            problem = json.Refusal;
            return problem is null ? request : null;
        }
        catch (JsonException syntax)
        {
            problem = Problem.Malformed(Sentence(syntax), (syntax.LineNumber ?? 0) + 1, (syntax.BytePositionInLine ?? 0) + 1);
            return null;
        }
    }

    /// <summary>Checks that a body is JSON, for documents whose members are the catalogue's business; null where it is.</summary>
    public static Problem? CheckSyntax(ReadOnlySpan<byte> body)
    {
        Read(body, (object?)null, static (ref JsonCursor json, object? _) =>
        {
            json.Skip();
            return "";
        }, out Problem? problem);
        return problem;
    }

    // The reader's message ends in its own rendering of line and position, which the problem states by itself.
    private static string Sentence(JsonException syntax)
    {
        int end = syntax.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? syntax.Message : syntax.Message[..end];
    }
}
