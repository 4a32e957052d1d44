using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Decisioning.Api.Replies;

/// <summary>
/// Writes one JSON answer. The text is made whole in a buffer that the thread keeps, so that its length is known before the first byte leaves
/// and a fault while writing can still be answered as one.
/// </summary>
internal static class JsonReply
{
    private const int KeptBytes = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Answers 200 with what is written.</summary>
    /// <param name="response">Not yet started.</param>
    /// <param name="state">What to write.</param>
    /// <param name="write">Writes it; must not use <see cref="JsonReply"/> again.</param>
    public static Task SendAsync<T>(HttpResponse response, T state, Action<Utf8JsonWriter, T> write) =>
        SendAsync(response, StatusCodes.Status200OK, "application/json", state, write);

    /// <summary>Answers with what is written.</summary>
    public static Task SendAsync<T>(HttpResponse response, int status, string contentType, T state, Action<Utf8JsonWriter, T> write)
    {
        ArrayBufferWriter<byte> buffer = _buffer ??= new ArrayBufferWriter<byte>(4096);
        Utf8JsonWriter json = _writer ??= new Utf8JsonWriter(
            buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        write(json, state);
        json.Flush();

        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = buffer.WrittenCount;
        response.BodyWriter.Write(buffer.WrittenSpan);
        if (buffer.Capacity > KeptBytes)
        {
            _buffer = null;
            _writer = null;
        }

        ValueTask<System.IO.Pipelines.FlushResult> flushed = response.BodyWriter.FlushAsync();
        return flushed.IsCompletedSuccessfully ? Done(flushed) : flushed.AsTask();
    }

    private static Task Done(ValueTask<System.IO.Pipelines.FlushResult> flushed)
    {
        _ = flushed.Result;
        return Task.CompletedTask;
    }
}
