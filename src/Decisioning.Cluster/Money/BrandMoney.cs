using Decisioning.Cluster.Books;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Engine.Books;

namespace Decisioning.Cluster.Money;

/// <summary>
/// A brand's money as its grain keeps it: what the rows in the books have spent, and what is lent to silos. spent + lent never exceeds the budget nor what pacing has
/// released, so that silos spend and hold out of their blocks without asking anybody. A block that was lent counts until it is spent, given back, or its
/// silo's epoch is closed and read to its end. What has already happened is lent for out of the budget alone. Owned by one thread at a time.
/// </summary>
internal sealed class BrandMoney : IMoney
{
    private const byte Version = 1;
    private const int MaxCampaigns = BrandSymbols.Capacity;
    private const int MaxLoans = 100_000;

    /// <summary>With less than so many prices to lend a silo, what lies idle is wanted back.</summary>
    private const int ScarcePrices = 16;

    /// <summary>When money that stands lent out may be back.</summary>
    private const long BackSoon = 1_000;

    private readonly SortedDictionary<int, Account> _accounts = [];

    /// <summary>Every campaign with its number.</summary>
    public MoneyLine[] Lines() => [.. _accounts.Select(static a =>
        new MoneyLine(a.Key, a.Value.Spending.Total, a.Value.Spending.Day, a.Value.Spending.Today, a.Value.Held))];

    public PacingSpending SpendingOf(int brand, int campaign) => _accounts.TryGetValue(campaign, out Account? account) ? account.Spending : default;

    public long HeldOf(int brand, int campaign, long now) => _accounts.TryGetValue(campaign, out Account? account) ? account.Held : 0;

    /// <summary>What may still be spent of blocks, of one campaign.</summary>
    public long LentOf(int campaign) => _accounts.TryGetValue(campaign, out Account? account) ? account.Lent : 0;

    /// <summary>Takes in charges of an epoch's rows.</summary>
    /// <param name="day">The brand's local day, counted from 1970-01-01. What happened on a day that is over counts for the total alone.</param>
    public void Charge(long epoch, int campaign, int day, long amount)
    {
        Account account = Of(campaign);
        account.Spend(day, amount);
        account.LoanOf(epoch).Spent += amount;
    }

    /// <summary>Spends of what is due of a flat price what the budget has room for beside what is lent.</summary>
    /// <param name="day">Local, counted from 1970-01-01.</param>
    /// <returns>What was spent, micros.</returns>
    public long ChargeFee(CampaignSnapshot campaign, int day, long due)
    {
        Account account = Of(campaign.Symbol);
        account.Roll(day);
        long amount = Math.Clamp(PacingRules.BudgetRoom(campaign, account.Spending, account.Lent), 0, due);
        account.Spend(day, amount);
        return amount;
    }

    /// <summary>Takes in what a silo says of its block.</summary>
    /// <returns>Whether anything moved.</returns>
    public bool Hear(long epoch, in LoanReport report) => Of(report.Campaign).LoanOf(epoch).Hear(report.Returned, report.Outside, report.Held);

    /// <summary>Lends what is asked for, as far as budget and pacing go: no more at once than a silo's share of half of what is left, so that nobody is left without.</summary>
    /// <param name="campaign">The live one; null: gone.</param>
    /// <param name="silos">That are alive, at least 1.</param>
    /// <returns>Its answer; <paramref name="lent"/>: whether anything was lent, which must be durable before it is told.</returns>
    public LoanAnswer Lend(long epoch, in LoanReport report, CampaignSnapshot? campaign, int silos, long now, out bool lent)
    {
        Account account = Of(report.Campaign);
        Loan loan = account.LoanOf(epoch);
        lent = false;
        if (campaign?.Budget is null)
        {
            return new LoanAnswer(report.Campaign, loan.Granted, 0, false, 0, null);
        }

        PacingAllowance allowance = PacingRules.At(campaign, now);
        account.Roll(allowance.Day);
        long price = Math.Max(1, campaign.UnitPriceMicros);
        long room = allowance.Room(account.Spending, account.Lent);
        long grant = Math.Min(report.Wanted, Math.Max(room / (2 * silos), price));
        grant = grant > room ? 0 : grant < report.Wanted ? grant - grant % price : grant;
        MarketAnswer refusal = default;
        if (grant > 0)
        {
            loan.Granted += grant;
            lent = true;
        }
        else if (report.Wanted > 0)
        {
            refusal = Refuse(account, campaign, price, now);
        }

        long from = campaign.Brand.Calendar.StartOf(allowance.Day);
        return new LoanAnswer(report.Campaign, loan.Granted, from, IsScarce(account, campaign, silos, now), (byte)refusal.Refusal, refusal.RetryAt);
    }

    /// <summary>Whether the budget has room for all of these outcomes that is not lent to anybody.</summary>
    public bool HasRoom(int campaign, CampaignSnapshot? live, IReadOnlyList<HoldClaim> claims, long now) => claims.Sum(static c => c.Amount) <= RoomOf(campaign, live, now);

    /// <summary>Lends for outcomes, one after the other, as far as the budget has room: pacing does not hold back what has already happened.</summary>
    /// <param name="live">The campaign; null: gone.</param>
    /// <param name="yielded">What silos gave back for them: all that a campaign without a budget can lend.</param>
    /// <returns>Its answer, as that of <see cref="Lend"/>.</returns>
    public LoanAnswer LendFor(long epoch, int campaign, IReadOnlyList<HoldClaim> claims, CampaignSnapshot? live, long yielded, int silos, long now, out bool lent)
    {
        Account account = Of(campaign);
        Loan loan = account.LoanOf(epoch);
        long room = live?.Budget is null ? yielded : RoomOf(campaign, live, now), grant = 0;
        foreach (HoldClaim claim in claims)
        {
            grant += claim.Amount <= room - grant ? claim.Amount : 0;
        }

        loan.Granted += grant;
        lent = grant > 0;
        BrandCalendar calendar = live?.Brand.Calendar ?? BrandBook.Utc;
        bool scarce = live?.Budget is null || IsScarce(account, live, silos, now);
        return new LoanAnswer(campaign, loan.Granted, calendar.StartOf(calendar.DayOf(now)), scarce, 0, null);
    }

    /// <summary>Takes in what a silo says of its block that was asked for money.</summary>
    /// <returns>What it gave back.</returns>
    public long Take(long epoch, in LoanReport report)
    {
        Loan loan = Of(report.Campaign).LoanOf(epoch);
        long before = loan.Returned;
        loan.Hear(report.Returned, report.Outside, report.Held);
        return loan.Returned - before;
    }

    /// <summary>Epochs whose block of the campaign is not known to be spent or given back.</summary>
    public IEnumerable<long> BorrowersOf(int campaign) => Of(campaign).Loans.Where(static l => l.Value.Out > 0).Select(static l => l.Key);

    /// <summary>An epoch is closed and all of its rows are in the books: what it was lent is back.</summary>
    public void Close(long epoch)
    {
        foreach (Account account in _accounts.Values)
        {
            account.Loans.Remove(epoch);
        }
    }

    /// <summary>Epochs that were lent anything.</summary>
    public IEnumerable<long> Epochs() => _accounts.Values.SelectMany(static a => a.Loans.Keys).Distinct();

    public void Write(ByteWriter to)
    {
        to.Byte(Version);
        to.Varint((ulong)_accounts.Count);
        foreach ((int campaign, Account account) in _accounts)
        {
            to.Varint((ulong)campaign);
            to.Signed(account.Spending.Total);
            to.Signed(account.Spending.Day);
            to.Signed(account.Spending.Today);
            to.Varint((ulong)account.Loans.Count);
            foreach ((long epoch, Loan loan) in account.Loans)
            {
                to.Signed(epoch);
                to.Signed(loan.Granted);
                to.Signed(loan.Returned);
                to.Signed(loan.Outside);
                to.Signed(loan.Spent);
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote; nothing of nothing.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a form of this version.</exception>
    public static BrandMoney Read(ReadOnlySpan<byte> form)
    {
        BrandMoney money = new();
        if (form.IsEmpty)
        {
            return money;
        }

        ByteReader from = new(form);
        if (from.Byte() is var version and not Version)
        {
            throw new InvalidDataException($"A brand's money is of version {version}; this program reads version {Version}.");
        }

        for (int left = from.Int(MaxCampaigns); left > 0 && !from.Failed; left--)
        {
            Account account = money.Of(from.Int(BrandSymbols.Capacity));
            account.Spending = new PacingSpending(from.Signed(), (int)from.Signed(), from.Signed());
            for (int loans = from.Int(MaxLoans); loans > 0 && !from.Failed; loans--)
            {
                Loan loan = account.LoanOf(from.Signed());
                loan.Granted = from.Signed();
                loan.Hear(from.Signed(), from.Signed(), 0);
                loan.Spent = from.Signed();
            }
        }

        return from.Failed || !from.AtEnd ? throw new InvalidDataException("A brand's money cannot be read.") : money;
    }

    // Lent money stands in the way for a while only; what the plan says is reckoned as if all of it were spent.
    private static MarketAnswer Refuse(Account account, CampaignSnapshot campaign, long price, long now)
    {
        long lent = account.Lent;
        PacingSpending spending = account.Spending;
        MarketRefusal why = price <= PacingRules.BudgetRoom(campaign, spending, lent) ? MarketRefusal.Pacing : MarketRefusal.Budget;
        long? planned = PacingRules.EarliestFit(campaign, spending with { Total = spending.Total + lent, Today = spending.Today + lent }, [], price, now);
        bool back = lent > 0 && price <= PacingRules.BudgetRoom(campaign, spending, 0);
        return new MarketAnswer(why, back && !(planned < now + BackSoon) ? now + BackSoon : planned);
    }

    private static bool IsScarce(Account account, CampaignSnapshot campaign, int silos, long now) =>
        (Int128)PacingRules.At(campaign, now).Room(account.Spending, account.Lent) < (Int128)Math.Max(1, campaign.UnitPriceMicros) * ScarcePrices * silos;

    private long RoomOf(int campaign, CampaignSnapshot? live, long now)
    {
        if (live?.Budget is null)
        {
            return 0;
        }

        Account account = Of(campaign);
        account.Roll(live.Brand.Calendar.DayOf(now));
        return PacingRules.BudgetRoom(live, account.Spending, account.Lent);
    }

    private Account Of(int campaign)
    {
        if (!_accounts.TryGetValue(campaign, out Account? account))
        {
            _accounts[campaign] = account = new Account();
        }

        return account;
    }

    private sealed class Account
    {
        public PacingSpending Spending { get; set; }

        public SortedDictionary<long, Loan> Loans { get; } = [];

        public long Lent => Loans.Values.Sum(static l => l.Out);

        public long Held => Loans.Values.Sum(static l => l.Held);

        public Loan LoanOf(long epoch)
        {
            if (!Loans.TryGetValue(epoch, out Loan? loan))
            {
                Loans[epoch] = loan = new Loan();
            }

            return loan;
        }

        public void Spend(int day, long amount)
        {
            Roll(day);
            Spending = new PacingSpending(Spending.Total + amount, Spending.Day, day == Spending.Day ? Spending.Today + amount : Spending.Today);
        }

        public void Roll(int day)
        {
            if (day > Spending.Day)
            {
                Spending = new PacingSpending(Spending.Total, day, 0);
            }
        }
    }
}
