using Decisioning.Core.Catalogue;

namespace Decisioning.Core.Consumers;

/// <summary>
/// How far a consumer is in one storyline: a pure function of confirmed exposures (seen = confirmed), kept by step id, and of exit events. A story runs from
/// its first exposure; where <c>restart</c> allows, the next exposure after that begins a new run and what was seen before no longer counts.
/// </summary>
public struct StoryProgress
{
    /// <summary>Most steps a storyline may have.</summary>
    public const int MaxSteps = 50;

    /// <summary>First exposure of the current run; <see cref="Evidence.Never"/> where none runs.</summary>
    public long StartedAt;

    /// <summary>Position of the furthest step seen, −1 for none.</summary>
    public int Furthest;

    /// <summary>The stage when the furthest step was last decided.</summary>
    public DeeplinkStage FurthestStage;

    /// <summary>First exposure of the last step in this run; <see cref="Evidence.Never"/> where it was not seen.</summary>
    public long CompletedAt;

    /// <summary>The newest exit event of this run; <see cref="Evidence.Never"/> where none ended it.</summary>
    public long ExitedAt;

    /// <summary>
    /// The first instant at which the storyline's gap after every exposure is over (a reservation's ends with it);
    /// <see cref="Evidence.Never"/> where there is none.
    /// </summary>
    public long GapUntil;

    /// <summary>No step may come until a restart.</summary>
    public readonly bool Ended => ExitedAt >= 0;

    /// <summary>Reads the progress at an instant at or after the state's last one.</summary>
    public static StoryProgress Of(ConsumerState state, int slot, StorylineSnapshot story, BrandSnapshot brand, long now)
    {
        if (slot < 0)
        {
            return Fresh;
        }

        StoryProgress progress = Fresh;
        long exit = NewestExit(state, slot, story);
        foreach (ref readonly StepArchiveEntry archived in state.StepArchive.Items)
        {
            if (archived.Slot == slot && StepOf(brand, story, archived.Step) is { } step)
            {
                progress.See(story, step, archived.First, archived.LastStage, exit);
                progress.See(story, step, archived.Last, archived.LastStage, exit);
            }
        }

        foreach (ref readonly ExposureEntry exposure in state.ExposuresBySlot.Of(slot))
        {
            if (exposure.CountsAt(now) && StepOf(brand, story, exposure.Step) is { } step)
            {
                if (exposure.IsConfirmed)
                {
                    progress.See(story, step, exposure.At, exposure.Stage, exit);
                }
                else
                {
                    progress.Wait(story, exposure.At, exposure.ReservedUntil);
                }
            }
        }

        progress.ExitedAt = exit >= progress.StartedAt ? exit : Evidence.Never;
        if (progress.MayRestart(story.Restart, now))
        {
            progress.Forget();
        }

        return progress;
    }

    /// <summary>How often a step was met with an interaction in the current run (an impression = seen).</summary>
    public readonly int TimesMet(ConsumerState state, int slot, StepSnapshot step, EventType interaction)
    {
        if (StartedAt < 0)
        {
            return 0;
        }

        int times = 0;
        foreach (ref readonly ExposureEntry exposure in state.ExposuresBySlot.Of(slot))
        {
            times += exposure.Step == step.Symbol && exposure.At >= StartedAt && exposure.IsConfirmed
                && (interaction == EventType.Impression || exposure.Has(interaction)) ? 1 : 0;
        }

        foreach (ref readonly StepArchiveEntry archived in state.StepArchive.Items)
        {
            times += archived.Slot == slot && archived.Step == step.Symbol && archived.Last >= StartedAt ? archived.Counts[(int)interaction] : 0;
        }

        return times;
    }

    private static readonly StoryProgress Fresh = new()
    {
        StartedAt = Evidence.Never,
        Furthest = -1,
        CompletedAt = Evidence.Never,
        ExitedAt = Evidence.Never,
        GapUntil = Evidence.Never,
    };

    private static StepSnapshot? StepOf(BrandSnapshot brand, StorylineSnapshot story, int symbol) =>
        symbol > 0 && symbol < brand.StepsBySymbol.Length && brand.StepsBySymbol[symbol] is { } step && step.Storyline == story ? step : null;

    /// <summary>The newest exit event; it ends the run that it lies in or after, and where no run has begun, the story.</summary>
    private static long NewestExit(ConsumerState state, int slot, StorylineSnapshot story)
    {
        long newest = Evidence.Never;
        for (uint bits = story.Exit.Bits; bits != 0; bits &= bits - 1)
        {
            newest = Math.Max(newest, Evidence.NewestEvent(state, slot, (EventType)System.Numerics.BitOperations.TrailingZeroCount(bits)));
        }

        return newest;
    }

    private void See(StorylineSnapshot story, StepSnapshot step, long at, DeeplinkStage stage, long exit)
    {
        ExitedAt = exit >= 0 && StartedAt >= 0 && exit >= StartedAt && exit <= at ? exit : Evidence.Never;
        if (StartedAt < 0 || (story.Restart != Restart.Never && MayRestart(story.Restart, at)))
        {
            Forget();
            StartedAt = at;
        }

        if (step.Index >= Furthest)
        {
            Furthest = step.Index;
            FurthestStage = stage;
        }

        if (step.Index == story.Steps.Length - 1 && CompletedAt < 0)
        {
            CompletedAt = at;
        }

        Wait(story, at, long.MaxValue);
    }

    private void Wait(StorylineSnapshot story, long at, long heldUntil) => GapUntil = Math.Max(GapUntil, Math.Min(at + story.GapMs, heldUntil));

    /// <summary>Begins anew; the gap goes on.</summary>
    private void Forget()
    {
        long gap = GapUntil;
        this = Fresh;
        GapUntil = gap;
    }

    /// <summary>week = completed (or exited) and 7 d since the start; month = 30 d since the start; an exit before any start counts as one.</summary>
    private readonly bool MayRestart(Restart restart, long at)
    {
        long start = StartedAt >= 0 ? StartedAt : ExitedAt;
        return start >= 0 && restart switch
        {
            Restart.Week => (CompletedAt >= 0 || ExitedAt >= 0) && at - start >= 7 * StateBounds.MillisecondsPerDay,
            Restart.Month => at - start >= 30 * StateBounds.MillisecondsPerDay,
            _ => false,
        };
    }
}
