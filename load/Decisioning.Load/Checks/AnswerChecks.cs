using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Checks;

/// <summary>Every check of one client: of the answers while the load runs, and of the server afterwards.</summary>
/// <param name="ids">The run's names.</param>
/// <param name="brands">How many the run's world has.</param>
/// <param name="target">Asked afterwards.</param>
/// <param name="seed">Of the sample of events.</param>
internal sealed class AnswerChecks(WorldIds ids, int brands, WorldTarget target, int seed) : IAnswerWatch
{
    private readonly ReplyReading _reading = new(ids);
    private readonly Finding _readable = new("replies are what the contract says");
    private readonly TwiceCheck _twice = new();
    private readonly CapAndStoryCheck _capsAndStory = new();
    private readonly RetryCheck _retries = new();
    private readonly EventsCheck _events = new(seed);

    /// <inheritdoc/>
    public void Decided(in SeenDecision decision)
    {
        if (!decision.MayBeForgotten)
        {
            _retries.Look(decision.Request, decision.IsRetry, decision.ReplyBody);
        }

        if (!_reading.TryRead(decision.ReplyBody))
        {
            _readable.Failed($"A reply for {ids.ConsumerOf(decision.Consumer)} has no placements.");
            return;
        }

        _readable.Held();
        _twice.Look(decision.Consumer, ids.ConsumerOf, _reading.Decisions);
        if (!decision.IsRetry)
        {
            _capsAndStory.Look(decision.Consumer, ids.ConsumerOf, _reading.Decisions);
        }
    }

    /// <inheritdoc/>
    public void Recorded(in SeenEvents events) => _events.Look(events.IsRepeat, events.RequestBody, events.ReplyBody);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<CheckResult>> FinishAsync(CancellationToken stop)
    {
        ConsumersCheck consumers = new(ids);
        RecountCheck recount = new(ids);
        await _events.FinishAsync(target, stop);
        await consumers.FinishAsync(target, _capsAndStory.Consumers, stop);
        await recount.FinishAsync(target, brands, stop);
        Finding[] findings =
        [
            _readable, _twice.Finding, _capsAndStory.Caps, _capsAndStory.Story, _retries.Finding, _events.Repeats, _events.Acknowledged, consumers.Finding, recount.Finding,
        ];
        return [.. findings.Select(f => f.Result)];
    }
}
