using Decisioning.Load.Compare;
using Decisioning.Load.Scenarios;
using Decisioning.Load.World;

namespace Decisioning.Load.Tests.Compare;

/// <summary>Those that decide, started once for all tests, with the same world; the Redis way only where its programs are.</summary>
[CollectionDefinition(Shared)]
public sealed class Contenders : IAsyncLifetime, ICollectionFixture<Contenders>
{
    /// <summary>Tests of this collection share them.</summary>
    public const string Shared = "contenders";

    public const string Engine = "engine";
    public const string Redis = "Redis way";
    private const string RequireAll = "DECISIONING_REQUIRE_ALL";

    private readonly Dictionary<string, Contender> _started = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cmp-");

    internal static WorldShape Shape { get; } = new() { Brands = 2, Creatives = 8, Consumers = 100, Known = 100, Zipf = 0 };

    internal static WorldIds Ids { get; } = new("cmp");

    /// <summary>One of them; see <see cref="RequireRedis"/>.</summary>
    internal Contender this[string name]
    {
        get
        {
            if (name == Redis)
            {
                RequireRedis();
            }

            return _started[name];
        }
    }

    /// <summary>Skips the test where the machine lacks a program for the Redis way, or fails it where everything is required.</summary>
    internal static void RequireRedis()
    {
        string missing = string.Join(' ', RedisPrograms.Missing());
        Assert.True(missing == "" || Environment.GetEnvironmentVariable(RequireAll) != "1", missing);
        Assert.SkipUnless(missing == "", missing);
    }

    public async ValueTask InitializeAsync()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        await AddAsync(await Contender.StartEngineAsync(_folder.CreateSubdirectory("e").FullName, stop), stop);
        if (RedisPrograms.Missing().Count == 0)
        {
            await AddAsync(await Contender.StartRedisAsync(_folder.CreateSubdirectory("r").FullName, stop), stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Contender contender in _started.Values)
        {
            await contender.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task AddAsync(Contender contender, CancellationToken stop)
    {
        _started.Add(contender.Name, contender);
        using WorldTarget target = new(contender.Url, Contender.Key);
        await new WorldBuilder(target, Ids).BuildAsync(Shape, 1, stop);
    }
}
