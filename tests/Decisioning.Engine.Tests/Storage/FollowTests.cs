using System.Text;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>The journal's follower is told what is durable, whole and in order, whether it keeps up or not.</summary>
public sealed class FollowTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Is_told_every_record_once_whether_it_keeps_up_or_not(int seed)
    {
        Random random = new(seed);
        await using SqliteTurnLog log = SqliteTurnLog.Open(_folder.Path, TimeProvider.System);
        Listener listener = new();
        List<string> appended = [];
        long position = 0;
        for (int step = 0; step < 60; step++)
        {
            // Half a megabyte a record at times: more than is kept for a follower that comes seldom.
            string payload = step + new string('x', random.Next(4) == 0 ? 500_000 : 10);
            appended.Add(payload);
            await log.AppendDurablyAsync(payload);
            if (random.Next(10) == 0 || (seed == 2 && step % 50 == 49))
            {
                position = log.Follow(position, listener);
                Assert.Equal(appended, listener.Told);
            }
        }

        Assert.Equal(log.DurablePosition, log.Follow(position, listener));
        Assert.Equal(appended, listener.Told);
        Assert.Equal(log.DurablePosition, log.Follow(log.DurablePosition, listener));
        Assert.Equal(appended.Count, listener.Told.Count);
    }

    [Fact]
    public async Task Goes_on_where_the_last_process_ended()
    {
        Listener listener = new();
        long position;
        await using (SqliteTurnLog log = SqliteTurnLog.Open(_folder.Path, TimeProvider.System))
        {
            await log.AppendDurablyAsync("a");
            position = log.Follow(0, listener);
            await log.AppendDurablyAsync("b");
        }

        await using SqliteTurnLog reopened = SqliteTurnLog.Open(_folder.Path, TimeProvider.System);
        position = reopened.Follow(position, listener);
        await reopened.AppendDurablyAsync("c");
        Assert.Equal(reopened.DurablePosition, reopened.Follow(position, listener));
        Assert.Equal(["a", "b", "c"], listener.Told);
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Listener : ITurnSink
    {
        public List<string> Told { get; } = [];

        public void Take(long position, in TurnHead head, ReadOnlySpan<byte> payload) => Told.Add(Encoding.UTF8.GetString(payload));
    }
}
