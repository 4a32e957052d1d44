using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>What every turn log must do, whatever it writes to: random work, compared with a plain list.</summary>
public abstract class TurnLogContract
{
    protected abstract ITurnLog Open();

    /// <summary>Closes the log and opens it again on what it kept.</summary>
    protected abstract Task<ITurnLog> ReopenAsync(ITurnLog log);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Behaves_like_a_list(int seed)
    {
        var random = new Random(seed);
        var model = new TurnLogModel();
        ITurnLog log = Open();
        for (int step = 0; step < 400; step++)
        {
            switch (random.Next(20))
            {
                case < 12:
                    model.Append(log, random);
                    break;
                case < 14:
                    await model.WaitForAsync(log, model.AnyPosition(random));
                    break;
                case < 17:
                    model.CheckRead(log, model.AnyPosition(random) + random.Next(2));
                    break;
                case 17:
                    await model.WaitForAsync(log, model.LastPosition);
                    model.CheckReadAfter(log, model.AnyPosition(random) + random.Next(-1, 2));
                    break;
                case 18:
                    await model.ScrubAsync(log, random);
                    break;
                default:
                    if (random.Next(3) == 0)
                    {
                        await model.TrimAsync(log, random);
                    }
                    else
                    {
                        log = await ReopenAsync(log);
                        Assert.Equal(model.LastPosition, log.DurablePosition);
                    }

                    break;
            }
        }

        await model.WaitForAsync(log, model.LastPosition);
        model.CheckReadAfter(log, 0);
        await log.DisposeAsync();
    }

    [Fact]
    public async Task Keeps_the_order_of_each_of_many_appenders()
    {
        const int appenders = 8;
        const int records = 2_000;
        await using ITurnLog log = Open();
        await Task.WhenAll(Enumerable.Range(1, appenders).Select(consumer => Task.Run(async () =>
        {
            long previous = 0;
            for (uint sequence = 1; sequence <= records; sequence++)
            {
                bool wait = sequence % 50 == 0;
                long position = log.Append(new TurnHead(TurnKind.Turn, (ulong)consumer, sequence, sequence, previous), new byte[sequence % 200], wait);
                Assert.True(position > previous);
                previous = position;
                if (wait)
                {
                    await log.WhenDurableAsync(position, TestContext.Current.CancellationToken);
                    Assert.True(log.DurablePosition >= position);
                }
            }
        })));

        TurnRecord[] all = [.. log.ReadAfter(0)];
        Assert.Equal(appenders * records, all.Length);
        Assert.Equal(all.Select(r => r.Position).Order(), all.Select(r => r.Position));
        foreach (IGrouping<ulong, TurnRecord> consumer in all.GroupBy(r => r.Head.Consumer))
        {
            Assert.Equal(Enumerable.Range(1, records).Select(s => (uint)s), consumer.Select(r => r.Head.Sequence));
            Assert.Equal(consumer.SkipLast(1).Select(r => r.Position).Prepend(0), consumer.Select(r => r.Head.Previous));
        }
    }

    [Fact]
    public async Task Takes_records_up_to_a_mebibyte_and_no_longer()
    {
        await using ITurnLog log = Open();
        byte[] largest = new byte[1 << 20];
        largest[^1] = 9;
        for (int i = 0; i < 10; i++)
        {
            await log.WhenDurableAsync(log.Append(new TurnHead(TurnKind.Turn, 1, 1, 1, 0), largest, urgent: i == 9), TestContext.Current.CancellationToken);
        }

        Assert.All(log.ReadAfter(0), r => Assert.True(r.Payload.Span.SequenceEqual(largest)));
        Assert.Equal(10, log.ReadAfter(0).Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Append(new TurnHead(TurnKind.Turn, 1, 1, 1, 0), new byte[(1 << 20) + 1], urgent: true));
    }

    [Fact]
    public async Task Refuses_to_wait_for_what_was_never_appended()
    {
        await using ITurnLog log = Open();
        long position = await log.AppendDurablyAsync("only");
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await log.WhenDurableAsync(position + 1, TestContext.Current.CancellationToken));
    }
}
