using System.Text.Encodings.Web;
using System.Text.Json;
using Decisioning.Api.Replies.Pulse;
using Decisioning.Core.Aggregate;
using Microsoft.AspNetCore.SignalR;

namespace Decisioning.Api.Watch;

/// <summary>
/// A watched brand: its pulse is written and compared once a beat, however many watch. One that is deleted keeps those who watch it, and is theirs again once it is put anew.
/// </summary>
/// <param name="pulse">As of the first join.</param>
/// <param name="clock">Measures the time between frames.</param>
internal sealed class BrandChannel(BrandPulse pulse, TimeProvider clock) : Channel
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly FramePace _pace = new(clock);
    private BrandPulse _pulse = pulse;
    private PulseImage? _image;
    private volatile bool _gone;

    public string Brand => _pulse.Brand;

    /// <summary>Whether a frame may be sent.</summary>
    public bool IsDue => _pace.IsDue;

    public override bool IsGone => _gone;

    /// <summary>Takes in a pulse; null: there is no such brand. Called by one thread at a time.</summary>
    public void Advance(BrandPulse? next)
    {
        long number = Frame.Number + 1;
        if (next is null)
        {
            if (!_gone)
            {
                _gone = true;
                Publish(new ChannelFrame(number, MakeGone, null));
            }

            return;
        }

        if (next.Version == _pulse.Version && !_gone)
        {
            return;
        }

        PulseImage before = _image!;
        PulseImage image = PulseImage.Of(next);
        SerializedHubMessage? shift = _gone ? null : HubFrame.TryMake(
            "shift", (image, before, number), image.Length / 8, static (output, s) => s.image.TryWriteShift(s.before, s.number, output));
        ChannelFrame frame = new(number, () => Whole(image, number), shift);

        // From here on nothing fails: what the next shift starts from is what was published.
        (_pulse, _image, _gone) = (next, image, false);
        _pace.Sent();
        Publish(frame);
    }

    protected override ChannelFrame MakeFirst()
    {
        const long First = 1;
        PulseImage image = _image = PulseImage.Of(_pulse);
        return new ChannelFrame(First, () => Whole(image, First), null);
    }

    private static SerializedHubMessage Whole(PulseImage image, long number) =>
        HubFrame.Make("pulse", (image, number), image.Length, static (output, s) => s.image.WriteWhole(s.number, output));

    private SerializedHubMessage MakeGone() => HubFrame.Make("gone", Brand, Brand.Length, static (output, brand) =>
    {
        using Utf8JsonWriter json = new(output, Relaxed);
        json.WriteStartObject();
        json.WriteString("brand", brand);
        json.WriteEndObject();
    });
}
