using System.Collections.Concurrent;
using Decisioning.Cluster.Books;
using Decisioning.Engine;

namespace Decisioning.Cluster.Money;

/// <summary>
/// Gets money for outcomes that this silo's blocks have none for: the brand's grain lends it at once, out of what is left of the budget or out of other silos' blocks.
/// What comes while a campaign's call is on its way goes with the next one. Safe for concurrent use.
/// </summary>
/// <param name="epoch">The silo's epoch.</param>
internal sealed class OutcomeLoans(Func<long> epoch, Func<int, IBrandGrain> brands, SiloMarket market, HostClock clock)
{
    /// <summary>An outcome waits no longer for its money; without it, it is recorded and not charged.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    /// <summary>Outcomes that may wait for one campaign's money.</summary>
    private const int Most = 4_096;

    /// <summary>Outcomes without a hold are not asked for again so long after a refusal, ms. Those with one are as few as the holds that were paid for.</summary>
    private const long AgainMs = 1_000;

    private readonly ConcurrentDictionary<(int Brand, int Campaign), Line> _lines = new();

    /// <returns>Whether it is worth trying again: something was lent.</returns>
    public async ValueTask<bool> FetchAsync(OutcomeClaim claim)
    {
        Line line = _lines.GetOrAdd((claim.Brand, claim.Campaign), static _ => new Line());
        Task<bool> lent;
        lock (line)
        {
            if (line.Waiting.Count >= Most || (claim.HeldUntil < 0 && clock.Now < line.RefusedUntil))
            {
                return false;
            }

            line.Waiting.Add(new HoldClaim(claim.HeldUntil, claim.Amount));
            lent = line.Next.Task;
            if (!line.IsCalling)
            {
                line.IsCalling = true;
                _ = Task.Run(() => CallAllAsync(claim.Brand, claim.Campaign, line));
            }
        }

        try
        {
            return await lent.WaitAsync(Longest, clock.Time);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task CallAllAsync(int brand, int campaign, Line line)
    {
        while (Take(line) is var (claims, asked) && claims.Length > 0)
        {
            bool lent = await CallAsync(brand, campaign, claims);
            lock (line)
            {
                line.RefusedUntil = lent ? 0 : clock.Now + AgainMs;
            }

            asked.SetResult(lent);
        }
    }

    private static (HoldClaim[] Claims, TaskCompletionSource<bool> Asked) Take(Line line)
    {
        lock (line)
        {
            (HoldClaim[], TaskCompletionSource<bool>) taken = ([.. line.Waiting], line.Next);
            line.IsCalling = line.Waiting.Count > 0;
            if (line.IsCalling)
            {
                line.Waiting.Clear();
                line.Next = Line.NewRound();
            }

            return taken;
        }
    }

    private async Task<bool> CallAsync(int brand, int campaign, HoldClaim[] claims)
    {
        try
        {
            LoanReport block = market.Claim(brand, campaign, claims.Sum(static c => c.Amount));
            return market.Hear(brand, await brands(brand).ClaimAsync(new ClaimReport { Epoch = epoch(), Block = block, Claims = claims }));
        }
        catch (Exception)
        {
            // Of whatever kind: what was lent nevertheless is heard of with the next report.
            return false;
        }
    }

    /// <summary>What waits for one campaign; its own lock.</summary>
    private sealed class Line
    {
        public List<HoldClaim> Waiting { get; } = [];

        public TaskCompletionSource<bool> Next { get; set; } = NewRound();

        public bool IsCalling { get; set; }

        public long RefusedUntil { get; set; }

        public static TaskCompletionSource<bool> NewRound() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
