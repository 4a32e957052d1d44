using Decisioning.Engine.Identity;
using Decisioning.Engine.Tests.Support;

namespace Decisioning.Engine.Tests.Turns;

/// <summary>Every consumer has the same hash: each still has a state of its own, in memory, on disk and after a crash.</summary>
public sealed class CollisionTests
{
    private readonly TestWorld _world = new() { Hash = new OneHash() };

    [Fact]
    public async Task Consumers_of_one_hash_are_kept_apart()
    {
        await _world.OpenAsync();
        for (int round = 0; round < 4; round++)
        {
            for (int i = 0; i < 5; i++)
            {
                await _world.RecordAsync(_world.Event($"e-{round}", consumer: $"c-{i}"));
            }

            switch (round)
            {
                case 0:
                    await _world.UpkeepAsync();
                    _world.Host.Rooms.Residents.Sweep(8);
                    break;
                case 1:
                    await _world.CrashAsync();
                    break;
            }
        }

        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(4, (await _world.RelationshipAsync($"c-{i}"))!.Behaviours["view"].Count);
        }

        Assert.Null(await _world.RelationshipAsync("c-5"));
    }

    [Fact]
    public async Task Who_lies_behind_an_erased_consumer_is_still_found()
    {
        await _world.OpenAsync();
        foreach (string consumer in (string[])["a", "b", "c"])
        {
            await _world.RecordAsync(_world.Event("e-1", consumer: consumer));
        }

        await _world.UpkeepAsync();
        _world.Host.Rooms.Residents.Sweep(8);
        Assert.NotNull(await _world.Host.EraseConsumerAsync("a", TestContext.Current.CancellationToken));
        Assert.NotNull(await _world.Host.EraseConsumerAsync("b", TestContext.Current.CancellationToken));
        await _world.CrashAsync();
        Assert.Null(await _world.RelationshipAsync("a"));
        Assert.Null(await _world.RelationshipAsync("b"));
        Assert.Equal(1, (await _world.RelationshipAsync("c"))!.Behaviours["view"].Count);

        // Newcomers take the places that have become free.
        _world.Clock.Now += 1_000;
        await _world.RecordAsync(_world.Event("e-2", consumer: "d"));
        await _world.RecordAsync(_world.Event("e-2", consumer: "c"));
        await _world.UpkeepAsync();
        Assert.Equal([1UL, 3UL], _world.Store.ReadAll().Select(r => r.Key));
        Assert.Equal(2, (await _world.RelationshipAsync("c"))!.Behaviours["view"].Count);
    }

    private sealed class OneHash : IConsumerHash
    {
        public ulong Of(ReadOnlySpan<byte> idUtf8) => 1;

        public ulong OfContextual(ReadOnlySpan<byte> mark) => 1;
    }
}
