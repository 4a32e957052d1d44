using System.Text;
using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

/// <summary>The attributes that front ends sent with consent; the newest value of a name wins.</summary>
internal static class AttributeList
{
    /// <summary>Bytes of a name or a text in UTF-8; the API's own bound is lower.</summary>
    public const int MaxTextBytes = byte.MaxValue;

    /// <summary>Sets each attribute. Beyond the bound the one set longest ago makes room: entries stand in the order they were last set.</summary>
    public static void Merge(ConsumerState state, List<KeyValuePair<string, AttributeValue>> attributes)
    {
        Span<byte> buffer = stackalloc byte[512];
        foreach ((string name, AttributeValue value) in attributes)
        {
            ReadOnlySpan<byte> utf8 = buffer[..Encoding.UTF8.GetBytes(name, buffer)];
            for (int i = 0; i < state.Attributes.Count; i++)
            {
                if (state.TextOf(state.Attributes[i].Name).SequenceEqual(utf8))
                {
                    state.Attributes.RemoveAt(i);
                    break;
                }
            }

            if (state.Attributes.Count >= StateBounds.Attributes)
            {
                state.Attributes.RemoveAt(0);
            }

            TextRef nameRef = state.AddText(utf8);
            ReadOnlySpan<byte> text = buffer[..Encoding.UTF8.GetBytes(value.Text ?? "", buffer)];
            state.Attributes.Add(new AttributeEntry(nameRef, value.Kind, value.Number, state.AddText(text)));
        }
    }
}
