using System.Diagnostics;
using Decisioning.Load.Scenarios;

namespace Decisioning.Load.Running;

/// <summary>What follows a reply, each at its own time: trackers, purchases, retries, repeats. Drawn when the reply comes, and sent whatever becomes of the others.</summary>
internal sealed class FollowUps(LoadPlan plan, Visits visits)
{
    private const int Counters = 1 << 16;

    /// <summary>A server remembers the last eight requests of a consumer: so many others may have come in between where a retry has to be answered the same.</summary>
    private const int MostBetween = 7;

    /// <summary>A retry is not sent once more than so many came since: others come while it is under way.</summary>
    private const int MostBefore = 4;

    private readonly FollowUpRates _rates = plan.Scenario.FollowUps;
    private readonly Random _random = new(plan.Seed + (plan.Client * 15_485_863) + 2);
    private readonly PriorityQueue<Call, long> _waiting = new();
    private readonly int[] _asked = new int[Counters];
    private readonly int[] _answered = new int[Counters];
    private readonly byte[][] _brandIds = [.. Enumerable.Range(0, plan.Scenario.World.Brands).Select(b => System.Text.Encoding.ASCII.GetBytes(plan.Ids.BrandOf(b)))];

    /// <summary>Tokens of trackers that wait.</summary>
    public TokenStore Tokens { get; } = new();

    /// <summary>When the first is due, in ticks of the machine's clock; <see cref="long.MaxValue"/> where none is.</summary>
    public long NextDue => _waiting.TryPeek(out _, out long due) ? due : long.MaxValue;

    /// <summary>Takes the first.</summary>
    public Call Take() => _waiting.Dequeue();

    /// <summary>A decision is about to be asked for; false where it must not be: a retry after too many other requests of its consumer.</summary>
    public bool TryAsk(ref Call call)
    {
        if (call.Again)
        {
            return Between(call) <= MostBefore;
        }

        int counter = CounterOf(call);
        call.Answered = _answered[counter];
        _asked[counter]++;
        return true;
    }

    /// <summary>A decision was answered, well or not. One that never was may still be decided at any time.</summary>
    public void Answered(in Call call)
    {
        if (!call.Again)
        {
            _answered[CounterOf(call)]++;
        }
    }

    /// <summary>Whether so many requests of its consumer may have been decided between a request and its retry that the server may have forgotten the first answer.</summary>
    /// <param name="call">Answered just now.</param>
    public bool MayBeForgotten(in Call call) => call.Again && Between(call) > MostBetween;

    /// <summary>Forgets all that wait.</summary>
    public void Clear()
    {
        while (_waiting.TryDequeue(out Call call, out _))
        {
            Done(call);
        }
    }

    /// <summary>A call will not be sent again.</summary>
    public void Done(in Call call)
    {
        if (call.Kind == CallKind.Trackers)
        {
            Tokens.Release(call.Token);
        }
    }

    /// <summary>Draws what follows the reply to a decision.</summary>
    /// <param name="now">In ticks of the machine's clock.</param>
    /// <returns>How many decisions are in it.</returns>
    public int After(in Call call, ReadOnlySpan<byte> body, long now)
    {
        int decisions = 0;
        ReadOnlySpan<byte> mark = "/t/i/"u8;
        for (int at; (at = body.IndexOf(mark)) >= 0; decisions++)
        {
            ReadOnlySpan<byte> decision = body[..at];
            body = body[(at + mark.Length)..];
            ReadOnlySpan<byte> token = body[..body.IndexOf((byte)'"')];
            if (!call.Again)
            {
                DrawTrackers(call, token, decision, now);
            }
        }

        if (!call.Again && Drawn(_rates.Retry) && !visits.IsHot(call.Consumer))
        {
            Add(call with { Again = true }, now + DelayOf(_rates.Retry));
        }

        return decisions;
    }

    /// <summary>Draws whether a tracker or a batch that was answered comes once more.</summary>
    public void Repeat(in Call call, long now)
    {
        if (!call.Again && Drawn(_rates.Repeat))
        {
            int token = call.Kind == CallKind.Trackers ? Tokens.Keep(Tokens[call.Token], 1) : 0;
            Add(call with { Again = true, Token = token }, now + DelayOf(_rates.Repeat));
        }
    }

    private void DrawTrackers(in Call call, ReadOnlySpan<byte> token, ReadOnlySpan<byte> decision, long now)
    {
        Span<long> dues = stackalloc long[3];
        byte kept = 0;
        int depth = 0;
        long due = now;
        foreach (FollowUp rate in (ReadOnlySpan<FollowUp>)[_rates.Impression, _rates.Viewable, _rates.Click])
        {
            if (!Drawn(rate))
            {
                break;
            }

            due += DelayOf(rate);
            dues[depth++] = _random.NextDouble() < _rates.Lost ? 0 : due;
            kept += (byte)(dues[depth - 1] == 0 ? 0 : 1);
        }

        if (kept > 0)
        {
            int place = Tokens.Keep(token, kept);
            for (int i = 0; i < depth; i++)
            {
                if (dues[i] != 0)
                {
                    Add(new Call { Kind = CallKind.Trackers, Consumer = call.Consumer, Token = place, Variant = (byte)i }, dues[i]);
                }
            }
        }

        if (depth == 3 && Drawn(_rates.Conversion) && BrandOf(decision) is >= 0 and var brand)
        {
            Add(new Call { Kind = CallKind.Events, Variant = 1, Consumer = call.Consumer, Number = visits.NewNumber(), Brand = brand }, due + DelayOf(_rates.Conversion));
        }
    }

    // At most: whatever was not answered when the request was asked for, or was asked for since, may have been decided after it, in whatever order it was sent.
    private int Between(in Call call) => _asked[CounterOf(call)] - call.Answered - 1;

    // Some consumers share one, which then counts too many.
    private static int CounterOf(in Call call) => call.Consumer & (Counters - 1);

    private void Add(in Call call, long due) => _waiting.Enqueue(call with { Due = due }, due);

    private bool Drawn(FollowUp rate) => rate.Share > 0 && _random.NextDouble() < rate.Share;

    private long DelayOf(FollowUp rate) => (long)(-Math.Log(1 - _random.NextDouble()) * rate.Delay * Stopwatch.Frequency);

    // The last brand that is named before the trackers is the decision's; -1: it is none of the run's.
    private short BrandOf(ReadOnlySpan<byte> decision)
    {
        ReadOnlySpan<byte> mark = "\"brand\":\""u8;
        ReadOnlySpan<byte> named = decision[(decision.LastIndexOf(mark) + mark.Length)..];
        for (short brand = 0; brand < _brandIds.Length; brand++)
        {
            if (named.StartsWith(_brandIds[brand]) && named[_brandIds[brand].Length] == '"')
            {
                return brand;
            }
        }

        return -1;
    }
}
