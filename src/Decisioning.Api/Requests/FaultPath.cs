using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Decisioning.Api.Requests;

/// <summary>Where a reader stands in a document: written at every step, turned into a JSON pointer only when there is a fault to name.</summary>
internal struct FaultPath
{
    /// <summary>Deepest place a reader looks into; what lies below is skipped whole.</summary>
    public const int Deepest = 8;

    private Parts _parts;
    private int _depth;

    public void Enter() => _depth++;

    public void Leave() => _depth--;

    public void At(string member) => _parts[_depth - 1] = new Part(member, 0);

    public void At(int index) => _parts[_depth - 1] = new Part(null, index);

    /// <summary>The RFC 6901 pointer of this place, from the given level down.</summary>
    public readonly string Pointer(int from = 0)
    {
        StringBuilder pointer = new();
        for (int i = from; i < _depth; i++)
        {
            Part part = _parts[i];
            pointer.Append('/');
            if (part.Member is null)
            {
                pointer.Append(CultureInfo.InvariantCulture, $"{part.Index}");
            }
            else
            {
                pointer.Append(part.Member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
            }
        }

        return pointer.ToString();
    }

    public readonly int Depth => _depth;

    private readonly record struct Part(string? Member, int Index);

    [InlineArray(Deepest)]
    private struct Parts
    {
        private Part _first;
    }
}
