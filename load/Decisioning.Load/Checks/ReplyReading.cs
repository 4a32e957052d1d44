using System.Text;
using System.Text.Json;
using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Checks;

/// <summary>One decision of a reply.</summary>
/// <param name="Brand">Its number in the run's world, −1 where it is none of it.</param>
/// <param name="BrandHash">Tells brands apart.</param>
/// <param name="CreativeHash">Tells creatives of one brand apart.</param>
/// <param name="Step">Position in <see cref="WorldStory.Steps"/>, −1 where it is none of them.</param>
/// <param name="Stage">Position in <see cref="WorldStory.Stages"/>, −1 where it is none of them.</param>
/// <param name="Expires">End of its reservation, ms since the Unix epoch; 0: it has none.</param>
internal readonly record struct ReadDecision(int Brand, int BrandHash, int CreativeHash, int Step, int Stage, long Expires);

/// <summary>Reads what the checks need out of a reply, over and over into the same memory.</summary>
internal sealed class ReplyReading(WorldIds ids)
{
    private static readonly byte[][] Steps = [.. WorldStory.Steps.Select(Encoding.UTF8.GetBytes)];
    private static readonly byte[][] Stages = [.. WorldStory.Stages.Select(Encoding.UTF8.GetBytes)];

    private readonly byte[] _brandPrefix = Encoding.UTF8.GetBytes(ids.BrandPrefix);
    private readonly List<ReadDecision> _decisions = new(32);

    /// <summary>The reply's decisions in order; good until the next <see cref="TryRead"/>.</summary>
    public IReadOnlyList<ReadDecision> Decisions => _decisions;

    /// <summary>Reads a reply; false where it is not one.</summary>
    public bool TryRead(ReadOnlySpan<byte> reply)
    {
        _decisions.Clear();
        Utf8JsonReader json = new(reply);
        try
        {
            return TryReadPlacements(ref json);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private bool TryReadPlacements(ref Utf8JsonReader json)
    {
        bool found = false;
        while (json.Read())
        {
            if (json.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            found |= json.CurrentDepth == 1 && json.ValueTextEquals("placements"u8);
            if (json.CurrentDepth != 3 || !json.ValueTextEquals("decisions"u8))
            {
                continue;
            }

            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.StartObject)
            {
                _decisions.Add(ReadOne(ref json));
            }
        }

        return found;
    }

    private ReadDecision ReadOne(ref Utf8JsonReader json)
    {
        ReadDecision read = new(-1, 0, 0, -1, -1, 0);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("brand"u8))
            {
                json.Read();
                read = read with { Brand = BrandOf(json.ValueSpan), BrandHash = HashOf(json.ValueSpan) };
            }
            else if (json.ValueTextEquals("creative"u8))
            {
                json.Read();
                read = read with { CreativeHash = CreativeOf(ref json) };
            }
            else if (json.ValueTextEquals("step"u8))
            {
                json.Read();
                read = read with { Step = PositionOf(json.ValueSpan, Steps) };
            }
            else if (json.ValueTextEquals("deeplinkStage"u8))
            {
                json.Read();
                read = read with { Stage = PositionOf(json.ValueSpan, Stages) };
            }
            else if (json.ValueTextEquals("expiresAt"u8))
            {
                json.Read();
                read = read with { Expires = json.TokenType == JsonTokenType.String ? json.GetDateTimeOffset().ToUnixTimeMilliseconds() : 0 };
            }
            else
            {
                json.Read();
                json.Skip();
            }
        }

        return read;
    }

    // At the object's start; leaves the reader at its end.
    private static int CreativeOf(ref Utf8JsonReader json)
    {
        int hash = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            bool id = json.ValueTextEquals("id"u8);
            json.Read();
            hash = id ? HashOf(json.ValueSpan) : hash;
            json.Skip();
        }

        return hash;
    }

    private int BrandOf(ReadOnlySpan<byte> id) =>
        id.StartsWith(_brandPrefix) && System.Buffers.Text.Utf8Parser.TryParse(id[_brandPrefix.Length..], out int number, out int used) && used == id.Length - _brandPrefix.Length
            ? number
            : -1;

    private static int PositionOf(ReadOnlySpan<byte> name, byte[][] names)
    {
        for (int i = 0; i < names.Length; i++)
        {
            if (name.SequenceEqual(names[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static int HashOf(ReadOnlySpan<byte> text)
    {
        HashCode hash = new();
        hash.AddBytes(text);
        return hash.ToHashCode();
    }
}
