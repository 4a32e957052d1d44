namespace Decisioning.Load.Running;

/// <summary>Tokens of decisions whose trackers are still to be called, in places that are used again.</summary>
internal sealed class TokenStore
{
    private const int PlaceBytes = 512;
    private const int PlacesPerBlock = 4_096;

    private readonly List<byte[]> _blocks = [];
    private readonly List<(short Length, byte Uses)> _places = [];
    private readonly Stack<int> _free = [];

    /// <summary>How many are kept.</summary>
    public int Count => _places.Count - _free.Count;

    /// <summary>Keeps a token.</summary>
    /// <param name="token">At most 512 bytes.</param>
    /// <param name="uses">How many times <see cref="Release"/> will be called.</param>
    /// <returns>Its place.</returns>
    public int Keep(ReadOnlySpan<byte> token, byte uses)
    {
        if (!_free.TryPop(out int place))
        {
            place = _places.Count;
            _places.Add(default);
            if (place / PlacesPerBlock == _blocks.Count)
            {
                _blocks.Add(new byte[PlacesPerBlock * PlaceBytes]);
            }
        }

        token.CopyTo(Room(place));
        _places[place] = ((short)token.Length, uses);
        return place;
    }

    public ReadOnlySpan<byte> this[int place] => Room(place)[.._places[place].Length];

    /// <summary>One use less; after the last the place is free.</summary>
    public void Release(int place)
    {
        (short length, byte uses) = _places[place];
        _places[place] = (length, (byte)(uses - 1));
        if (uses == 1)
        {
            _free.Push(place);
        }
    }

    private Span<byte> Room(int place) => _blocks[place / PlacesPerBlock].AsSpan(place % PlacesPerBlock * PlaceBytes, PlaceBytes);
}
