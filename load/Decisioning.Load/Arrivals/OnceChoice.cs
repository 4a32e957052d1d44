namespace Decisioning.Load.Arrivals;

/// <summary>Each once, in an order that jumps about, before any comes again; several clients share them out.</summary>
/// <param name="from">The first one's number.</param>
/// <param name="consumers">How many there are.</param>
/// <param name="client">Which of the clients this is, from 0.</param>
/// <param name="clients">How many share them out.</param>
internal sealed class OnceChoice(int from, int consumers, int client, int clients) : IConsumerChoice
{
    private readonly long _stride = StrideOf(consumers);
    private long _next = client;

    public int Next()
    {
        long at = _next;
        _next += clients;
        return from + (int)(at % consumers * _stride % consumers);
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
