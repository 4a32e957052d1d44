using System.Text;

namespace Decisioning.Api.Requests;

/// <summary>The known members of one kind of object, at most 64; a member is spoken of by its position.</summary>
internal sealed class MemberTable(params string[] names)
{
    private readonly byte[][] _utf8 = [.. names.Select(Encoding.UTF8.GetBytes)];

    public string this[int member] => names[member];

    /// <summary>The member of that name, −1 where it is unknown.</summary>
    /// <param name="expected">The member looked at first: bodies mostly keep one order.</param>
    public int Find(ReadOnlySpan<byte> name, int expected)
    {
        if ((uint)expected < (uint)_utf8.Length && name.SequenceEqual(_utf8[expected]))
        {
            return expected;
        }

        for (int i = 0; i < _utf8.Length; i++)
        {
            if (name.SequenceEqual(_utf8[i]))
            {
                return i;
            }
        }

        return -1;
    }

    public override string ToString() => string.Join(", ", names);
}
