using System.Text.Json;
using Decisioning.Core.Aggregate;

namespace Decisioning.Api.Replies.Pulse;

/// <summary>One member of a pulse's JSON.</summary>
internal abstract class PulseMember(string name)
{
    public string Name { get; } = name;

    /// <summary>Writes the member, name and value.</summary>
    /// <param name="json">Within the pulse's object.</param>
    /// <param name="pulse">What is written.</param>
    /// <param name="marks">Told where each entry lies, where the member is a list of entries; null: nobody wants to know.</param>
    public abstract void Write(Utf8JsonWriter json, BrandPulse pulse, EntryMarks? marks);
}

/// <summary>A member that a shift carries whole.</summary>
internal sealed class PlainMember(string name, Action<Utf8JsonWriter, BrandPulse> writeValue) : PulseMember(name)
{
    public override void Write(Utf8JsonWriter json, BrandPulse pulse, EntryMarks? marks)
    {
        json.WritePropertyName(Name);
        writeValue(json, pulse);
    }
}

/// <summary>A list of entries with keys, of which a shift carries those that changed. Its order means nothing.</summary>
/// <param name="name">The member.</param>
/// <param name="entries">The list.</param>
/// <param name="keyOf">What names an entry in it.</param>
/// <param name="writeMembers">Writes an entry's members.</param>
internal sealed class KeyedMember<T>(
    string name, Func<BrandPulse, T[]> entries, Func<T, string> keyOf, Action<Utf8JsonWriter, T> writeMembers) : PulseMember(name)
{
    public override void Write(Utf8JsonWriter json, BrandPulse pulse, EntryMarks? marks)
    {
        json.WriteStartArray(Name);
        foreach (T entry in entries(pulse))
        {
            marks?.Begin(keyOf(entry), json);
            json.WriteStartObject();
            writeMembers(json, entry);
            json.WriteEndObject();
            marks?.End(json);
        }

        json.WriteEndArray();
    }
}
