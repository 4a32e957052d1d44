using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Decide;

/// <summary>Whether a consumer is in an audience. What is not known (an attribute never sent) is not a match.</summary>
internal static class AudienceRules
{
    public static bool Contains(Audience audience, ConsumerState state, ref BrandReading reading, long now) => audience switch
    {
        Audience.All all => ContainsAll(all.Parts, state, ref reading, now),
        Audience.Any any => ContainsAny(any.Parts, state, ref reading, now),
        Audience.Not not => !Contains(not.Part, state, ref reading, now),
        Audience.AttributeIn oneOf => Find(state, oneOf.Name, out AttributeEntry found) && IsOneOf(state, found, oneOf.Values),
        Audience.AttributeBetween between => Find(state, between.Name, out AttributeEntry found) && found.Kind == AttributeKind.Number
            && !(found.Number < between.From) && !(found.Number > between.To),
        Audience.Happened happened => HasHappened(happened, state, reading.Slot, now),
        Audience.InStage inStage => ((int)inStage.Stages >> (int)reading.StageAt(state, now) & 1) != 0,
        Audience.IntentBetween intent => !(reading.IntentAt(state, now) < intent.From) && !(reading.IntentAt(state, now) > intent.To),
        _ => false,
    };

    public static bool ContainsAny(Audience[] audiences, ConsumerState state, ref BrandReading reading, long now)
    {
        foreach (Audience audience in audiences)
        {
            if (Contains(audience, state, ref reading, now))
            {
                return true;
            }
        }

        return false;
    }

    private static bool ContainsAll(Audience[] audiences, ConsumerState state, ref BrandReading reading, long now)
    {
        foreach (Audience audience in audiences)
        {
            if (!Contains(audience, state, ref reading, now))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasHappened(Audience.Happened happened, ConsumerState state, int slot, long now)
    {
        if (slot < 0)
        {
            return false;
        }

        long since = now - happened.WithinMs;
        return happened.AtLeast <= 1
            ? Evidence.NewestEvent(state, slot, happened.Type) is >= 0 and var newest && newest > since && newest <= now
            : Evidence.CountSince(state, slot, happened.Type, since) >= happened.AtLeast;
    }

    private static bool Find(ConsumerState state, string name, out AttributeEntry found)
    {
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(name.Length)];
        utf8 = utf8[..Encoding.UTF8.GetBytes(name, utf8)];
        foreach (ref readonly AttributeEntry entry in state.Attributes.Items)
        {
            if (state.TextOf(entry.Name).SequenceEqual(utf8))
            {
                found = entry;
                return true;
            }
        }

        found = default;
        return false;
    }

    private static bool IsOneOf(ConsumerState state, in AttributeEntry found, AttributeValue[] values)
    {
        foreach (AttributeValue value in values)
        {
            if (value.Kind == found.Kind && (value.Kind == AttributeKind.Text ? IsText(state.TextOf(found.Text), value.Text!) : value.Number == found.Number))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsText(ReadOnlySpan<byte> utf8, string text)
    {
        Span<byte> wanted = stackalloc byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        return utf8.SequenceEqual(wanted[..Encoding.UTF8.GetBytes(text, wanted)]);
    }
}
