using Decisioning.Cluster.Books;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Engine.Budget;

namespace Decisioning.Cluster.Money;

/// <summary>
/// One campaign's money on one silo: the block that the brand's grain lent, what was charged and is held of it. A check that passes takes no lock. Sums grow from
/// the beginning of the silo's epoch, as a <see cref="Loan"/> does. Micros.
/// </summary>
/// <param name="hungry">Called where something was refused that another loan may allow; cheap, and calls nothing back.</param>
internal sealed class CampaignBlock(long now, Action hungry)
{
    /// <summary>Prices that a silo keeps of a live campaign without using them, so that the first decision finds money.</summary>
    private const int StockPrices = 4;

    /// <summary>Reports for which a block is meant to last: two seconds of them.</summary>
    private const int Lasts = 4;

    private readonly Lock _gate = new();
    private readonly HoldBuckets _holds = new(now);
    private long _granted;
    private long _returned;
    private long _charged;
    private long _outside;
    private long _from = long.MaxValue;
    private long _used;
    private long _demand;
    private long _short;
    private (long Returned, long Outside, long Held) _told;
    private bool _scarce;
    private MarketAnswer _refusal;

    // What a check without the lock reads; a price that it lets through wrongly is refused by the hold.
    private long _openRoom;

    /// <summary>Whether something was refused that no answer has come to since.</summary>
    public bool IsShort
    {
        get
        {
            lock (_gate)
            {
                return _short > 0;
            }
        }
    }

    public MarketAnswer Check(long price, long now)
    {
        if (price <= Volatile.Read(ref _openRoom) && now >= Volatile.Read(ref _from))
        {
            return default;
        }

        lock (_gate)
        {
            Release(now);
            return Fits(price, now) ? default : Refuse(price, now);
        }
    }

    public bool TryHold(long amount, long now, long expiresAt, bool limited)
    {
        lock (_gate)
        {
            Release(now);
            if (limited && !Fits(amount, now))
            {
                Refuse(amount, now);
                return false;
            }

            _holds.Add(expiresAt, amount);
            _used += limited ? amount : 0;
            Publish();
            return true;
        }
    }

    public bool TryCharge(long amount, long now, bool limited)
    {
        lock (_gate)
        {
            Release(now);
            if (limited && !Fits(amount, now))
            {
                Refuse(amount, now);
                return false;
            }

            Spend(amount, limited);
            _used += limited ? amount : 0;
            return true;
        }
    }

    /// <summary>Spends what a hold set aside; what of it is not here has to fit, wherever it was held.</summary>
    public bool TryChargeHeld(long amount, long expiresAt, long now, bool limited)
    {
        lock (_gate)
        {
            Release(now);
            long missing = amount - _holds.Available(expiresAt, amount);
            if (limited && missing > 0 && !Fits(missing, now))
            {
                Refuse(missing, now);
                return false;
            }

            _holds.Take(expiresAt, amount);
            Spend(amount, limited);
            return true;
        }
    }

    /// <summary>A charge whose row was refused never was.</summary>
    public void Uncharge(long amount)
    {
        lock (_gate)
        {
            _charged = Math.Max(0, _charged - amount);
            Publish();
        }
    }

    /// <summary>Says how the block stands, gives back what is not needed and asks for what is. Called once a beat.</summary>
    /// <param name="price">Of one more; 0: nothing more will be spent.</param>
    /// <param name="always">True: also where nothing moved.</param>
    public LoanReport? Report(int campaign, long price, long now, bool always)
    {
        lock (_gate)
        {
            Release(now);
            _demand = Math.Max(_used, _demand * 3 / 4);
            _used = 0;
            long stock = price * StockPrices;
            long target = price == 0 ? 0 : _demand > 0 ? Math.Max(_demand * Lasts, stock) : _scarce ? 0 : stock;
            long room = Room;
            if (room > (_demand > 0 ? 2 * target : target))
            {
                _returned += room - target;
                room = target;
                Publish();
            }

            bool asks = price > 0 && (room < _short || (room < target / 2 && _refusal.Refusal == MarketRefusal.None));
            long wanted = asks ? Math.Max(target, _short) - room : 0;
            (long, long, long) told = (_returned, _outside, _holds.Held);
            if (told == _told && wanted == 0 && !always)
            {
                return null;
            }

            _told = told;
            return new LoanReport(campaign, _returned, _outside, _holds.Held, wanted);
        }
    }

    /// <summary>Gives back everything that is free: the silo stops.</summary>
    public LoanReport Settle(int campaign, long now)
    {
        lock (_gate)
        {
            Release(now);
            _returned += Math.Max(0, Room);
            Publish();
            return new LoanReport(campaign, _returned, _outside, _holds.Held, 0);
        }
    }

    /// <summary>Says how the block stands where more is wanted at once.</summary>
    public LoanReport Claim(int campaign, long wanted, long now)
    {
        lock (_gate)
        {
            Release(now);
            return new LoanReport(campaign, _returned, _outside, _holds.Held, wanted);
        }
    }

    /// <summary>Gives back what outcomes on another silo need: what was held for them here, else what is free.</summary>
    public LoanReport Yield(int campaign, IReadOnlyList<HoldClaim> claims, long now)
    {
        lock (_gate)
        {
            Release(now);
            foreach (HoldClaim claim in claims)
            {
                _holds.Take(claim.HeldUntil, claim.Amount);
                _returned += Math.Clamp(Room, 0, claim.Amount);
            }

            Publish();
            return new LoanReport(campaign, _returned, _outside, _holds.Held, 0);
        }
    }

    /// <returns>Whether more was lent.</returns>
    public bool Hear(in LoanAnswer answer)
    {
        lock (_gate)
        {
            bool more = answer.Granted > _granted;
            if (more)
            {
                _granted = answer.Granted;
                _short = 0;
            }

            _scarce = answer.Scarce;
            _refusal = new MarketAnswer((MarketRefusal)answer.Refusal, answer.RetryAt);
            _short = _refusal.Refusal == MarketRefusal.None ? _short : 0;

            // A block goes over into the day after, never into the day before.
            Volatile.Write(ref _from, _from == long.MaxValue ? answer.From : Math.Max(_from, answer.From));
            Publish();
            return more;
        }
    }

    /// <summary>What was answered last says nothing of the rules that hold now.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            (_scarce, _refusal) = (false, default);
        }
    }

    public long HeldAt(long now)
    {
        lock (_gate)
        {
            Release(now);
            return _holds.Held;
        }
    }

    private long Room => _granted - _returned - _charged - _holds.Held;

    private bool Fits(long amount, long now) => amount <= Room && now >= _from;

    private void Release(long now)
    {
        _holds.Release(now);
        Publish();
    }

    private void Spend(long amount, bool limited)
    {
        if (limited)
        {
            _charged += amount;
        }
        else
        {
            _outside += amount;
        }

        Publish();
    }

    private void Publish() => Volatile.Write(ref _openRoom, Room);

    // Whoever is refused makes the silo ask; what was answered last stands until its time has come, or another answer.
    private MarketAnswer Refuse(long amount, long now)
    {
        _short = Math.Max(_short, amount);
        if (_refusal.Refusal != MarketRefusal.None && !(_refusal.RetryAt <= now))
        {
            return _refusal;
        }

        hungry();
        return new MarketAnswer(MarketRefusal.Pacing, now + SiloMarket.AnswerMs);
    }
}
