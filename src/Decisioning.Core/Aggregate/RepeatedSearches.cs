using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Core.Aggregate;

/// <summary>Adds the facts of a search to the books, as often as it came.</summary>
/// <param name="instant">That of the newest of the turns; all are of one hour.</param>
/// <param name="search">From <see cref="FactReader.MoveNext(out ReadOnlySpan{byte})"/>.</param>
/// <exception cref="InvalidDataException">The bytes are not those of facts.</exception>
internal delegate void SearchAddition(long instant, ReadOnlySpan<byte> search, long times);

/// <summary>
/// Counts searches that are byte for byte what they were before: most decisions of an hour ask the same brands, whose campaigns come equally far. What they say is
/// added once times their number, when another search takes the place, the hour is over, or somebody is about to look.
/// </summary>
internal sealed class RepeatedSearches(SearchAddition add)
{
    private const int Places = 256;

    /// <summary>Longer ones are added each by itself.</summary>
    private const int MaxBytes = 2048;

    private readonly Place?[] _places = new Place?[Places];
    private bool _anyCounted;

    /// <summary>Takes in one search. The first of its kind is added at once, so that what is counted is known to be readable.</summary>
    /// <exception cref="InvalidDataException">The bytes are not those of facts; those before the fault are added.</exception>
    public void Take(long instant, ReadOnlySpan<byte> search)
    {
        Place place = _places[TurnFacts.CheckOf(search) % Places] ??= new Place();
        if (place.TryCount(instant, search))
        {
            _anyCounted = true;
            return;
        }

        AddCounted(place);
        add(instant, search, 1);
        if (search.Length <= MaxBytes)
        {
            place.Keep(instant, search);
        }
    }

    /// <summary>Adds what is counted by now.</summary>
    public void AddCounted()
    {
        if (!_anyCounted)
        {
            return;
        }

        foreach (Place? place in _places)
        {
            if (place is not null)
            {
                AddCounted(place);
            }
        }

        _anyCounted = false;
    }

    private void AddCounted(Place place)
    {
        if (place.TakeTimes() is > 0 and long times)
        {
            add(place.Newest, place.Search, times);
        }
    }

    /// <summary>The search that was last added of those with one remainder of their check.</summary>
    private sealed class Place
    {
        private byte[] _search = [];
        private int _length;
        private long _hour;
        private long _times;

        public ReadOnlySpan<byte> Search => _search.AsSpan(0, _length);

        /// <summary>The newest instant of those counted or kept.</summary>
        public long Newest { get; private set; }

        /// <summary>False where the search is another, or of another hour.</summary>
        public bool TryCount(long instant, ReadOnlySpan<byte> search)
        {
            if (HourOf(instant) != _hour || !search.SequenceEqual(Search))
            {
                return false;
            }

            Newest = Math.Max(Newest, instant);
            _times++;
            return true;
        }

        public void Keep(long instant, ReadOnlySpan<byte> search)
        {
            if (search.Length > _search.Length)
            {
                _search = new byte[search.Length];
            }

            search.CopyTo(_search);
            (_length, _hour, Newest) = (search.Length, HourOf(instant), instant);
        }

        public long TakeTimes()
        {
            long times = _times;
            _times = 0;
            return times;
        }

        private static long HourOf(long instant) => instant / StateBounds.MillisecondsPerHour;
    }
}
