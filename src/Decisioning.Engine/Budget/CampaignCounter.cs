using System.Buffers;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Decide;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Budget;

/// <summary>
/// One campaign's money. What a price is checked against is kept for as long as the pacing's slot lasts, so that a check that passes reads four fields and
/// takes no lock; only holding and charging, which change the sums, take it.
/// </summary>
internal sealed class CampaignCounter(long now)
{
    private static readonly BrandCalendar Utc = new(TimeZoneInfo.Utc);

    private readonly Lock _gate = new();
    private readonly HoldBuckets _holds = new(now);

    private PacingSpending _spending;
    private CampaignSnapshot? _campaign;
    private PacingAllowance _allowance;
    private BrandCalendar _calendar = Utc;

    private MarketAnswer _refusal;
    private long _refusedPrice;
    private long _refusedUntil;

    // What a check without the lock reads. A torn read of them can only let a price through that TryHold then refuses.
    private CampaignSnapshot? _openCampaign;
    private long _openFrom;
    private long _openUntil;
    private long _openRoom;

    public MarketAnswer Check(CampaignSnapshot campaign, long now)
    {
        long price = campaign.UnitPriceMicros;
        if (ReferenceEquals(Volatile.Read(ref _openCampaign), campaign) && now >= Volatile.Read(ref _openFrom) && now < Volatile.Read(ref _openUntil) &&
            price <= Volatile.Read(ref _openRoom))
        {
            return default;
        }

        lock (_gate)
        {
            Refresh(campaign, now);
            return price <= Room ? default : Refusal(campaign, price, now);
        }
    }

    public bool TryHold(CampaignSnapshot campaign, long amount, long now, long expiresAt)
    {
        lock (_gate)
        {
            Refresh(campaign, now);
            if (amount > Room)
            {
                return false;
            }

            _holds.Add(expiresAt, amount);
            Publish();
            return true;
        }
    }

    /// <summary>Spends within the budget; pacing does not hold back what has already happened.</summary>
    public bool TryCharge(CampaignSnapshot campaign, long amount, long now)
    {
        lock (_gate)
        {
            Refresh(campaign, now);
            if (amount > PacingRules.BudgetRoom(campaign, _spending, _holds.Held))
            {
                return false;
            }

            Spend(amount, _calendar.DayOf(now));
            Publish();
            return true;
        }
    }

    /// <summary>Spends what a hold set aside; what of it is not there any more has to fit.</summary>
    public bool TryChargeHeld(long amount, long expiresAt, long now, CampaignSnapshot? campaign)
    {
        lock (_gate)
        {
            if (campaign is not null)
            {
                Refresh(campaign, now);
            }

            long missing = amount - _holds.Available(expiresAt, amount);
            if (missing > 0 && (campaign is null || missing > PacingRules.BudgetRoom(campaign, _spending, _holds.Held)))
            {
                return false;
            }

            Charge(amount, now, expiresAt);
            return true;
        }
    }

    /// <summary>Spends of what is due of a flat price what the budget has room for.</summary>
    /// <param name="day">Local, counted from 1970-01-01.</param>
    /// <returns>What was spent, micros.</returns>
    public long ChargeFee(CampaignSnapshot campaign, int day, long due, long now)
    {
        lock (_gate)
        {
            Refresh(campaign, now);
            long amount = Math.Clamp(PacingRules.BudgetRoom(campaign, _spending, _holds.Held), 0, due);
            Spend(amount, day);
            Publish();
            return amount;
        }
    }

    /// <summary>Spends without asking what a flat price took on a day.</summary>
    public void Charge(CampaignSnapshot campaign, int day, long amount)
    {
        lock (_gate)
        {
            _calendar = campaign.Brand.Calendar;
            Spend(amount, day);
            Publish();
        }
    }

    /// <summary>Spends without asking; what of it was held is held no more.</summary>
    public void Charge(long amount, long at, long? heldUntil)
    {
        lock (_gate)
        {
            if (heldUntil is { } expiresAt)
            {
                _holds.Take(expiresAt, amount);
            }

            Spend(amount, _calendar.DayOf(at));
            Publish();
        }
    }

    /// <summary>Holds without asking, unless the hold is already over.</summary>
    public void Hold(long amount, long expiresAt)
    {
        lock (_gate)
        {
            if (!_holds.IsOver(expiresAt))
            {
                _holds.Add(expiresAt, amount);
                Publish();
            }
        }
    }

    /// <summary>Lets go of what a charge used up that is already in the spending.</summary>
    public void Unhold(long amount, long heldUntil)
    {
        lock (_gate)
        {
            _holds.Take(heldUntil, amount);
            Publish();
        }
    }

    /// <summary>The days of a campaign whose brand is not in the catalogue are UTC's.</summary>
    public void UseCalendar(BrandCalendar calendar)
    {
        lock (_gate)
        {
            _calendar = calendar;
        }
    }

    public void Restore(in SpendingRow row)
    {
        lock (_gate)
        {
            _spending = new PacingSpending(row.Total, row.Day, row.Today);
            Publish();
        }
    }

    public PacingSpending Spending
    {
        get
        {
            lock (_gate)
            {
                return _spending;
            }
        }
    }

    /// <summary>What is held at the instant.</summary>
    public long HeldAt(long now)
    {
        lock (_gate)
        {
            _holds.Release(now);
            return _holds.Held;
        }
    }

    public PacingHold[] HoldsAt(long now)
    {
        lock (_gate)
        {
            _holds.Release(now);
            PacingHold[] holds = new PacingHold[_holds.CopyTo([])];
            _holds.CopyTo(holds);
            return holds;
        }
    }

    private long Room => _allowance.Room(_spending, _holds.Held);

    private void Refresh(CampaignSnapshot campaign, long now)
    {
        _holds.Release(now);
        if (!ReferenceEquals(_campaign, campaign) || now < _allowance.From || now >= _allowance.Until)
        {
            _campaign = campaign;
            _calendar = campaign.Brand.Calendar;
            _allowance = PacingRules.At(campaign, now);
            RollTo(_allowance.Day);
            _refusedUntil = 0;
        }

        PublishRoom();
    }

    // Something was held or spent: a remembered refusal is out of date, and so is the room.
    private void Publish()
    {
        _refusedUntil = 0;
        PublishRoom();
    }

    private void PublishRoom()
    {
        if (_campaign is null)
        {
            return;
        }

        Volatile.Write(ref _openRoom, long.MinValue);
        Volatile.Write(ref _openCampaign, _campaign);
        Volatile.Write(ref _openFrom, _allowance.From);
        Volatile.Write(ref _openUntil, _allowance.Until);
        Volatile.Write(ref _openRoom, Room);
    }

    // What happened on a day that is already over when it is told counts for the total alone.
    private void Spend(long amount, int day)
    {
        RollTo(day);
        long today = day == _spending.Day ? _spending.Today + amount : _spending.Today;
        _spending = new PacingSpending(_spending.Total + amount, _spending.Day, today);
    }

    private void RollTo(int day)
    {
        if (day > _spending.Day)
        {
            _spending = new PacingSpending(_spending.Total, day, 0);
        }
    }

    private MarketAnswer Refusal(CampaignSnapshot campaign, long price, long now)
    {
        if (price == _refusedPrice && now < _refusedUntil)
        {
            return _refusal;
        }

        bool pacing = price <= PacingRules.BudgetRoom(campaign, _spending, _holds.Held);
        int count = _holds.CopyTo([]);
        PacingHold[] holds = ArrayPool<PacingHold>.Shared.Rent(count);
        _holds.CopyTo(holds);
        long? retryAt = PacingRules.EarliestFit(campaign, _spending, holds.AsSpan(0, count), price, now);
        long nextRelease = count > 0 ? holds[0].Until : long.MaxValue;
        ArrayPool<PacingHold>.Shared.Return(holds);

        _refusal = new MarketAnswer(pacing ? MarketRefusal.Pacing : MarketRefusal.Budget, retryAt);
        _refusedPrice = price;
        _refusedUntil = Math.Min(_allowance.Until, Math.Min(nextRelease, retryAt ?? long.MaxValue));
        return _refusal;
    }
}
