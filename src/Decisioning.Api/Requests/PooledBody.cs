using System.Buffers;
using System.IO.Pipelines;
using Decisioning.Api.Replies;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Requests;

/// <summary>A request's body, whole, in a pooled buffer; or why it is not taken. Dispose it once nothing refers to the bytes.</summary>
internal readonly struct PooledBody : IDisposable
{
    private const string Json = "application/json";

    private static readonly Problem NotJson = new(
        415, ProblemCodes.UnsupportedMediaType, "The body must be application/json in UTF-8, without content encoding.");

    private readonly byte[]? _buffer;
    private readonly int _length;

    private PooledBody(byte[]? buffer, int length, Problem? problem)
    {
        _buffer = buffer;
        _length = length;
        Problem = problem;
    }

    /// <summary>Null where the body is there.</summary>
    public Problem? Problem { get; }

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, _length);

    /// <summary>Reads a JSON body.</summary>
    /// <param name="request">Not yet read.</param>
    /// <param name="limit">Most bytes.</param>
    public static async ValueTask<PooledBody> ReadAsync(HttpRequest request, int limit)
    {
        if (!IsJson(request))
        {
            return new PooledBody(null, 0, NotJson);
        }

        if (request.ContentLength > limit)
        {
            return new PooledBody(null, 0, Problem.TooLarge(limit));
        }

        PipeReader reader = request.BodyReader;
        while (true)
        {
            ReadResult read = await reader.ReadAsync();
            ReadOnlySequence<byte> bytes = read.Buffer;
            if (bytes.Length > limit)
            {
                reader.AdvanceTo(bytes.End);
                return new PooledBody(null, 0, Problem.TooLarge(limit));
            }

            if (read.IsCompleted)
            {
                int length = (int)bytes.Length;
                byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
                bytes.CopyTo(buffer);
                reader.AdvanceTo(bytes.End);
                return new PooledBody(buffer, length, null);
            }

            reader.AdvanceTo(bytes.Start, bytes.End);
        }
    }

    public void Dispose()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    private static bool IsJson(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return false;
        }

        if (request.ContentType is not { } type || !type.StartsWith(Json, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        if (type.Length == Json.Length)
        {
            return true;
        }

        ReadOnlySpan<char> parameter = type.AsSpan(Json.Length).TrimStart();
        if (parameter.IsEmpty || parameter[0] != ';')
        {
            return false;
        }

        parameter = parameter[1..].Trim();
        return !parameter.StartsWith("charset=", StringComparison.OrdinalIgnoreCase)
            || parameter["charset=".Length..].Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);
    }
}
