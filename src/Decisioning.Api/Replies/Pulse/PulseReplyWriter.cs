using System.Text.Json;
using Decisioning.Core.Aggregate;

namespace Decisioning.Api.Replies.Pulse;

/// <summary>Writes a pulse for whoever asks once.</summary>
internal static class PulseReplyWriter
{
    /// <summary>The frame of a pulse that belongs to no stream of frames.</summary>
    private const long NoFrame = 0;

    public static void Write(Utf8JsonWriter json, BrandPulse pulse)
    {
        json.WriteStartObject();
        json.WriteString("brand", pulse.Brand);
        json.WriteNumber("frame", NoFrame);
        json.WriteInstant("asOf", pulse.AsOf);
        foreach (PulseMember member in PulseMembers.All)
        {
            member.Write(json, pulse, null);
        }

        json.WriteEndObject();
    }
}
