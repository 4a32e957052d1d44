namespace Decisioning.Load.Arrivals;

/// <summary>Each once, in an order that jumps about, before any comes again.</summary>
/// <param name="consumers">How many there are, at least 1.</param>
internal sealed class OnceChoice(int consumers) : IConsumerChoice
{
    private readonly long _stride = StrideOf(consumers);
    private long _next;

    public int Next()
    {
        _next = (_next + _stride) % consumers;
        return (int)_next;
    }

    // Near the golden section of them all, and without a common divisor: a step that visits each.
    private static long StrideOf(int consumers)
    {
        long stride = Math.Max(1, (long)(consumers * 0.618));
        while (Divisor(stride, consumers) != 1)
        {
            stride++;
        }

        return stride;
    }

    private static long Divisor(long a, long b) => b == 0 ? a : Divisor(b, a % b);
}
