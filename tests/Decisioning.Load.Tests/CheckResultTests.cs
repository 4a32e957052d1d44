using Decisioning.Load.Running;

namespace Decisioning.Load.Tests;

public sealed class CheckResultTests
{
    [Fact]
    public void What_several_clients_found_is_added_up_by_name()
    {
        IReadOnlyList<CheckResult> merged = CheckResult.Merge(
        [
            new CheckResult("caps", 10, 1, ["a"]),
            new CheckResult("order", 3, 0, []),
            new CheckResult("caps", 5, 6, ["b", "c", "d", "e", "f", "g"]),
        ]);

        Assert.Equal(["caps", "order"], merged.Select(r => r.Name));
        Assert.Equal((15, 7), (merged[0].Checked, merged[0].Failed));
        Assert.Equal(["a", "b", "c", "d", "e"], merged[0].Examples);
    }
}
