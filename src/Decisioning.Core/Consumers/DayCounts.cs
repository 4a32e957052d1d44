namespace Decisioning.Core.Consumers;

/// <summary>
/// How often each of the eight intent behaviours arrived on one day of the brand's calendar: day 16 | eight counts of 6 bits, which stop at
/// <see cref="MaxPerDay"/>. Another day begins anew.
/// </summary>
public readonly record struct DayCounts(ulong Packed)
{
    /// <summary>Most of one behaviour a day that are told apart: no more than these earn credits, whatever cap a brand sets.</summary>
    public const int MaxPerDay = 63;

    private const int Bits = 6;
    private const int DayShift = 48;

    public int Day => (int)(Packed >> DayShift);

    /// <summary>Arrivals of a behaviour, by its index in the intent rules, on the day of the counts.</summary>
    public int CountOf(int behaviour) => (int)(Packed >> (behaviour * Bits)) & MaxPerDay;

    /// <summary>One more arrival.</summary>
    /// <param name="behaviour">0 to 7.</param>
    /// <param name="day">The brand's calendar day of arrival, 0 to 65,535.</param>
    /// <param name="before">Arrivals on that day before this one.</param>
    public DayCounts With(int behaviour, int day, out int before)
    {
        ulong packed = Day == day ? Packed : (ulong)day << DayShift;
        before = new DayCounts(packed).CountOf(behaviour);
        return before == MaxPerDay ? new DayCounts(packed) : new DayCounts(packed + (1UL << (behaviour * Bits)));
    }
}
