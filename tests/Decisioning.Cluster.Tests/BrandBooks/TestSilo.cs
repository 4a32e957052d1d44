using Decisioning.Cluster.Books;
using Decisioning.Cluster.Money;

namespace Decisioning.Cluster.Tests.BrandBooks;

/// <summary>One start of a silo.</summary>
internal sealed class TestSilo(string name, long epoch, SiloMarket market)
{
    public string Name => name;

    public long Epoch => epoch;

    public SiloMarket Market => market;

    public SiloBooks Books { get; set; } = null!;

    public OutcomeLoans Loans { get; set; } = null!;

    public long Number { get; set; }
}
