using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Decisioning.Core.Aggregate;

namespace Decisioning.Api.Replies.Pulse;

/// <summary>
/// A pulse written once: whole frames and shifts are put together from its bytes, and what changed since another is what its bytes say. Immutable.
/// </summary>
internal sealed class PulseImage
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly string _brand;
    private readonly long _asOf;
    private readonly ArrayBufferWriter<byte> _text;
    private readonly MemberMarks[] _members;

    private PulseImage(string brand, long asOf, ArrayBufferWriter<byte> text, MemberMarks[] members) =>
        (_brand, _asOf, _text, _members) = (brand, asOf, text, members);

    /// <summary>Bytes that a whole frame of it takes, roughly.</summary>
    public int Length => _text.WrittenCount;

    public static PulseImage Of(BrandPulse pulse)
    {
        ArrayBufferWriter<byte> text = new(4096);
        MemberMarks[] members = new MemberMarks[PulseMembers.All.Count];
        using Utf8JsonWriter json = new(text, Options);
        json.WriteStartObject();
        for (int i = 0; i < members.Length; i++)
        {
            EntryMarks entries = new();
            int start = EntryMarks.At(json);
            PulseMembers.All[i].Write(json, pulse, entries);
            members[i] = new MemberMarks(start, EntryMarks.At(json), entries);
        }

        json.WriteEndObject();
        json.Flush();
        return new PulseImage(pulse.Brand, pulse.AsOf, text, members);
    }

    /// <summary>Writes the pulse as a JSON object.</summary>
    public void WriteWhole(long frame, IBufferWriter<byte> output)
    {
        WriteHead(frame, output);
        output.Write(","u8);
        output.Write(_text.WrittenSpan[1..]);
    }

    /// <summary>
    /// Writes what changed since another pulse of the brand as a JSON object; false, with anything written, where a shift cannot say it: an entry has gone.
    /// </summary>
    public bool TryWriteShift(PulseImage before, long frame, IBufferWriter<byte> output)
    {
        WriteHead(frame, output);
        for (int i = 0; i < _members.Length; i++)
        {
            if (Text(_members[i]).SequenceEqual(before.Text(before._members[i])))
            {
                continue;
            }

            output.Write(","u8);
            if (PulseMembers.All[i] is PlainMember)
            {
                output.Write(Text(_members[i]));
            }
            else if (!TryWriteEntries(before, i, output))
            {
                return false;
            }
        }

        output.Write("}"u8);
        return true;
    }

    private bool TryWriteEntries(PulseImage before, int member, IBufferWriter<byte> output)
    {
        EntryMarks then = before._members[member].Entries;
        EntryMarks now = _members[member].Entries;
        int kept = 0;
        bool first = true;
        output.Write("\""u8);
        output.Write(System.Text.Encoding.ASCII.GetBytes(PulseMembers.All[member].Name));
        output.Write("\":["u8);
        for (int i = 0; i < now.Count; i++)
        {
            int same = then.Find(now[i].Key, i);
            kept += same < 0 ? 0 : 1;
            ReadOnlySpan<byte> entry = Text(now[i].Start, now[i].End);
            if (same >= 0 && entry.SequenceEqual(before.Text(then[same].Start, then[same].End)))
            {
                continue;
            }

            if (!first)
            {
                output.Write(","u8);
            }

            first = false;
            output.Write(entry);
        }

        output.Write("]"u8);
        return kept == then.Count;
    }

    private void WriteHead(long frame, IBufferWriter<byte> output)
    {
        using Utf8JsonWriter json = new(output, Options);
        json.WriteStartObject();
        json.WriteString("brand", _brand);
        json.WriteNumber("frame", frame);
        json.WriteInstant("asOf", _asOf);
        json.Flush();
    }

    private ReadOnlySpan<byte> Text(MemberMarks member) => Text(member.Start, member.End);

    // A mark is taken before the comma that parts a member or an entry from the one before.
    private ReadOnlySpan<byte> Text(int start, int end)
    {
        ReadOnlySpan<byte> text = _text.WrittenSpan[start..end];
        return text[0] == (byte)',' ? text[1..] : text;
    }

    private readonly record struct MemberMarks(int Start, int End, EntryMarks Entries);
}
