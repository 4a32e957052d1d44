using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Core.Record;
using Microsoft.AspNetCore.SignalR;

namespace Decisioning.Api.Watch;

/// <summary>What a consumer's channel is found by: callers who may see the same brands share one.</summary>
/// <param name="Id">The consumer's id.</param>
/// <param name="BrandScope">See <see cref="ApiKey.BrandScope"/>.</param>
internal readonly record struct ConsumerChannelKey(string Id, string? BrandScope);

/// <summary>A watched consumer, as callers of one set of brands may see it. Every frame is whole.</summary>
/// <param name="consumer">As of the first join.</param>
/// <param name="rights">A caller who may see what all of the channel may.</param>
internal sealed class ConsumerChannel(ConsumerView consumer, ApiKey rights) : Channel
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly string _id = consumer.Id;
    private byte[] _text = Write(consumer, rights);

    public ConsumerChannelKey Key => new(_id, rights.BrandScope);

    /// <summary>Takes in the consumer as of a beat; null: it was erased. Called by one thread at a time.</summary>
    public void Advance(ConsumerView? next)
    {
        long number = Frame.Number + 1;
        if (next is null)
        {
            End(new ChannelFrame(number, MakeGone, null));
            return;
        }

        byte[] text = Write(next, rights);
        if (!text.AsSpan().SequenceEqual(_text))
        {
            _text = text;
            Publish(new ChannelFrame(number, () => Whole(text), null));
        }
    }

    protected override ChannelFrame MakeFirst()
    {
        byte[] text = _text;
        return new ChannelFrame(1, () => Whole(text), null);
    }

    private static SerializedHubMessage Whole(byte[] text) => HubFrame.Make("consumer", text, text.Length, static (output, t) => output.Write(t));

    private SerializedHubMessage MakeGone() => HubFrame.Make("gone", _id, _id.Length, static (output, id) =>
    {
        using Utf8JsonWriter json = new(output, Options);
        json.WriteStartObject();
        json.WriteString("consumer", id);
        json.WriteEndObject();
    });

    private static byte[] Write(ConsumerView view, ApiKey rights)
    {
        ArrayBufferWriter<byte> text = new();
        using Utf8JsonWriter json = new(text, Options);
        ConsumerReplyWriter.Write(json, (view, rights));
        json.Flush();
        return text.WrittenSpan.ToArray();
    }
}
