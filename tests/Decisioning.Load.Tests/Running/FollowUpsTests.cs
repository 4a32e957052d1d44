using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;
using Decisioning.Load.Tests.Support;

namespace Decisioning.Load.Tests.Running;

/// <summary>Which retries are sent, and which have to be answered the same: a server remembers the last eight requests of a consumer.</summary>
public sealed class FollowUpsTests
{
    private const int Consumer = 7;

    private readonly FollowUps _followUps;

    public FollowUpsTests()
    {
        LoadPlan plan = Plans.Plan(Plans.Scenario(10, 10));
        _followUps = new FollowUps(plan, new Visits(plan));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(4, true)]
    [InlineData(5, false)]
    [InlineData(256, false)]
    [InlineData(260, false)]
    [InlineData(65_536, false)]
    public void A_retry_is_sent_while_few_others_have_come(int others, bool sent)
    {
        Call retry = AskAndAnswer() with { Again = true };
        for (int i = 0; i < others; i++)
        {
            AskAndAnswer();
        }

        Assert.Equal(sent, _followUps.TryAsk(ref retry));
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    public void Those_that_come_while_it_is_under_way_may_make_it_forgotten(int others, bool forgotten)
    {
        Call retry = AskAndAnswer() with { Again = true };
        Assert.True(_followUps.TryAsk(ref retry));
        for (int i = 0; i < others; i++)
        {
            Ask();
        }

        _followUps.Answered(retry);

        Assert.Equal(forgotten, _followUps.MayBeForgotten(retry));
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void Those_that_were_under_way_before_may_be_decided_after_it(int others, bool sent)
    {
        Call[] before = [.. Enumerable.Range(0, others).Select(_ => Ask())];
        Call retry = AskAndAnswer() with { Again = true };
        Assert.All(before, call => _followUps.Answered(call));

        Assert.Equal(sent, _followUps.TryAsk(ref retry));
    }

    [Fact]
    public void A_first_answer_is_never_forgotten()
    {
        Call first = Ask();
        for (int i = 0; i < 100; i++)
        {
            Ask();
        }

        Assert.False(_followUps.MayBeForgotten(first));
    }

    [Fact]
    public void Requests_of_others_do_not_count()
    {
        Call retry = AskAndAnswer() with { Again = true };
        for (int i = 1; i <= 100; i++)
        {
            Ask(Consumer + i);
        }

        Assert.True(_followUps.TryAsk(ref retry));
        Assert.False(_followUps.MayBeForgotten(retry));
    }

    private Call AskAndAnswer()
    {
        Call call = Ask();
        _followUps.Answered(call);
        return call;
    }

    private Call Ask(int consumer = Consumer)
    {
        Call call = new() { Kind = CallKind.Decisions, Consumer = consumer };
        Assert.True(_followUps.TryAsk(ref call));
        return call;
    }
}
