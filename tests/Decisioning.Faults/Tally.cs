using System.Diagnostics;
using System.Globalization;

namespace Decisioning.Faults;

/// <summary>Answers and failures second by second, around the instant of a fault.</summary>
internal sealed class Tally
{
    private const int Seconds = 600;

    private readonly Lock _gate = new();
    private readonly int[] _answered = new int[Seconds];
    private readonly int[] _failed = new int[Seconds];
    private readonly int[] _again = new int[Seconds];
    private Stopwatch _clock = Stopwatch.StartNew();
    private double _fault;
    private double _lastFailure;

    private int Second => Math.Min((int)_clock.Elapsed.TotalSeconds, Seconds - 1);

    /// <summary>Begins anew.</summary>
    public void Start()
    {
        lock (_gate)
        {
            Array.Clear(_answered);
            Array.Clear(_failed);
            Array.Clear(_again);
            (_clock, _fault, _lastFailure) = (Stopwatch.StartNew(), 0, 0);
        }
    }

    /// <summary>The fault is being done now.</summary>
    public void Mark()
    {
        lock (_gate)
        {
            _fault = _lastFailure = _clock.Elapsed.TotalSeconds;
        }
    }

    /// <summary>A call came to its end at the ingress; failed: with 503, or without an answer.</summary>
    public void Answered(bool failed)
    {
        lock (_gate)
        {
            (failed ? _failed : _answered)[Second]++;
            _lastFailure = failed ? _clock.Elapsed.TotalSeconds : _lastFailure;
        }
    }

    /// <summary>A call went on to another silo.</summary>
    public void TriedAgain()
    {
        lock (_gate)
        {
            _again[Second]++;
        }
    }

    /// <summary>In words: rate before, failures, window, and the seconds around the fault.</summary>
    public string Report()
    {
        lock (_gate)
        {
            int end = Second, fault = (int)_fault;
            double before = _answered.Take(fault).Sum() / Math.Max(1.0, fault);
            int worst = Enumerable.Range(fault, Math.Max(1, end - fault)).Min(s => _answered[s]);
            string line = string.Create(
                CultureInfo.InvariantCulture,
                $"{before:0} answers/s before, {worst} in the worst second after; {_failed.Sum()} calls failed, {_again.Sum()} went on to another silo; "
                + $"the last failure came {_lastFailure - _fault:0.0} s after the fault");
            IEnumerable<string> seconds = Enumerable.Range(fault, Math.Max(0, end - fault)).Select(
                s => string.Create(CultureInfo.InvariantCulture, $"{s - fault}:{_answered[s]}/{_failed[s]}/{_again[s]}"));
            return line + Environment.NewLine + "  second:answered/failed/again " + string.Join(' ', seconds);
        }
    }
}
