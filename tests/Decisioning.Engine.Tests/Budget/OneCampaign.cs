using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Engine.Budget;
using Decisioning.Engine.Catalogues;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Budget;

/// <summary>A ledger over one campaign.</summary>
internal sealed class OneCampaign : ICatalogueSource
{
    public const long Unit = 1_000_000;

    public OneCampaign(string? budget, long now)
    {
        CompileResult result = CatalogueCompiler.Compile(
            Encoding.UTF8.GetBytes(Brands.Simple(budget: budget)), new CompileContext("acme", 1, "1", BrandSymbols.Empty, null, IndustryTable.Empty));
        Assert.Empty(result.Faults);
        Current = new CatalogueSnapshot([result.Brand!], ServerSettings.Default, "1");
        Campaign = result.Brand!.Campaigns[0];
        Ledger = new BudgetLedger(this, now);
    }

    public CatalogueSnapshot Current { get; }

    public CampaignSnapshot Campaign { get; }

    public BudgetLedger Ledger { get; }

    public long Spent => Ledger.SpendingOf(1, Campaign.Symbol).Total / Unit;

    public bool Hold(long now, long expiresAt, long units = 1) => Ledger.TryHold(Campaign, units * Unit, now, expiresAt);

    public bool ChargeHeld(long now, long expiresAt) => Ledger.TryChargeHeld(1, Campaign.Symbol, Unit, expiresAt, now);

    public bool Charge(long now, long units = 1) => Ledger.TryCharge(1, Campaign.Symbol, units * Unit, now);

    public long Held(long now) => Ledger.HeldOf(1, Campaign.Symbol, now) / Unit;
}
