using System.Text;
using System.Text.Json;
using Decisioning.Core.Decide;

namespace Decisioning.Core.Tests.Decide;

public class BucketingTests
{
    [Fact]
    public void Hash_agrees_with_growthbooks_cases()
    {
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(CasesFile()));
        int checkedCases = 0;
        foreach (JsonElement c in cases.RootElement.GetProperty("hash").EnumerateArray())
        {
            (string seed, string value, int version) = (c[0].GetString()!, c[1].GetString()!, c[2].GetInt32());
            if (version is 1 or 2)
            {
                Assert.Equal(c[3].GetDouble(), version == 1 ? Bucketing.BucketV1(seed, value) : Bucketing.Bucket(seed, value), precision: 12);
                checkedCases++;
            }
        }

        Assert.True(checkedCases >= 2);
    }

    [Fact]
    public void A_seed_in_parts_is_the_seed_joined()
    {
        uint parts = Bucketing.Extend(Bucketing.Extend(Bucketing.Prefix("aurora"), "/"), "spring");
        Assert.Equal(Bucketing.Prefix("aurora/spring"u8), parts);
        Assert.Equal(Bucketing.Bucket("aurora/spring", "c-42"), Bucketing.Bucket(parts, "c-42"u8));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.05, 0.05)]
    [InlineData(0.5, 0.5)]
    [InlineData(1, 1)]
    public void A_holdout_keeps_out_its_share(double share, double expected)
    {
        const int Consumers = 100_000;
        uint seed = Bucketing.Prefix("aurora/spring");
        int heldOut = Enumerable.Range(0, Consumers).Count(i => Bucketing.IsHeldOut(seed, Encoding.UTF8.GetBytes($"c-{i}"), share));
        double fourSigma = 4 * Math.Sqrt(share * (1 - share) / Consumers);
        Assert.InRange(heldOut / (double)Consumers, expected - fourSigma, expected + fourSigma);
    }

    [Fact]
    public void Holdouts_of_two_campaigns_are_independent()
    {
        uint spring = Bucketing.Prefix("aurora/spring");
        uint owners = Bucketing.Prefix("aurora/owners");
        int both = Enumerable.Range(0, 100_000).Select(i => Encoding.UTF8.GetBytes($"c-{i}"))
            .Count(id => Bucketing.IsHeldOut(spring, id, 0.5) && Bucketing.IsHeldOut(owners, id, 0.5));
        Assert.InRange(both, 24_400, 25_600);
    }

    [Fact]
    public void The_hot_path_allocates_nothing()
    {
        uint seed = Bucketing.Prefix("aurora/spring");
        byte[] id = "c-42"u8.ToArray();
        Bucketing.IsHeldOut(seed, id, 0.5);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int heldOut = 0;
        for (int i = 0; i < 1_000; i++)
        {
            heldOut += Bucketing.IsHeldOut(Bucketing.Extend(seed, "x"), id, 0.5) ? 1 : 0;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(heldOut is 0 or 1_000);
    }

    private static string CasesFile()
    {
        const string Name = "bucketing/growthbook-cases.json";
        IEnumerable<string> folders = Environment.GetEnvironmentVariable("DECISIONING_DATA") is { Length: > 0 } stated ? [stated] : FoldersAbove();
        string? file = folders.Select(f => Path.Combine(f, Name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(file is null, $"{Name} is not here: set DECISIONING_DATA to the folder of shared data, or put it at ../shared/data beside the repository.");
        return file;
    }

    private static IEnumerable<string> FoldersAbove()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return Path.Combine(folder.FullName, "shared", "data");
        }
    }
}
