using System.Net;
using System.Text;
using Decisioning.Load.Checks;
using Decisioning.Load.Running;
using Decisioning.Load.Scenarios;
using Decisioning.Load.Tests.Support;
using Decisioning.Load.World;

namespace Decisioning.Load.Tests.Checks;

/// <summary>Every check sees the fault that it is for: an answer as it should be, then the same doctored.</summary>
public sealed class AnswerChecksTests : IDisposable
{
    private readonly WorldTarget _target;
    private readonly StubServer _server = new();
    private readonly AnswerChecks _checks;

    public AnswerChecksTests()
    {
        _target = new WorldTarget(_server.Url, "dk_test");
        _checks = new AnswerChecks(new WorldIds("r1"), 1, _target, 1);
    }

    public void Dispose()
    {
        _target.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task What_is_as_it_should_be_fails_nothing()
    {
        _checks.Show(Replies.Reply(Replies.Decision(), Replies.Decision(creative: "c0004"), Replies.Decision("r1-b001")));
        _checks.Show(Replies.Reply(), request: 2);
        Assert.Equal(2, (await FindAsync("replies are what the contract says")).Checked);
        Assert.Equal(3, (await FindAsync("caps respected")).Checked);
        Assert.Equal(3, (await FindAsync("story order kept")).Checked);
        Assert.DoesNotContain(await _checks.FinishAsync(TestContext.Current.CancellationToken), r => r.Failed > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1,")]
    [InlineData("{\"placements\":[{\"decisions\":[{\"brand\":3")]
    public async Task A_reply_that_is_none_is_seen(string reply)
    {
        _checks.Show(reply);
        Assert.Equal(1, (await FindAsync("replies are what the contract says")).Failed);
    }

    [Fact]
    public async Task A_creative_twice_in_a_reply_is_seen()
    {
        _checks.Show(Replies.Reply(Replies.Decision(), Replies.Decision("r1-b001"), Replies.Decision()));
        CheckResult twice = await FindAsync("no creative twice in a reply");
        Assert.Equal(1, twice.Failed);
        Assert.Contains("r1-c000000001", Assert.Single(twice.Examples), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_more_than_the_cap_within_a_reservation_is_seen()
    {
        for (int i = 0; i < WorldStory.CapPerDay; i++)
        {
            _checks.Show(Replies.Reply(Replies.Decision(at: Replies.Noon.AddSeconds(i))), request: i);
        }

        Assert.Equal(0, (await FindAsync("caps respected")).Failed);
        _checks.Show(Replies.Reply(Replies.Decision(at: Replies.Noon.AddMinutes(9))), request: 98);
        Assert.Equal(1, (await FindAsync("caps respected")).Failed);
    }

    [Fact]
    public async Task Room_that_a_reservation_gave_back_is_no_fault()
    {
        for (int i = 0; i < WorldStory.CapPerDay; i++)
        {
            _checks.Show(Replies.Reply(Replies.Decision(at: Replies.Noon)), request: i);
        }

        _checks.Show(Replies.Reply(Replies.Decision(at: Replies.Noon.AddMinutes(10))), request: 99);
        Assert.Equal(0, (await FindAsync("caps respected")).Failed);
    }

    [Fact]
    public async Task A_story_that_goes_back_is_seen()
    {
        _checks.Show(Replies.Reply(Replies.Decision(step: "offer", stage: "perform", at: Replies.Noon)), request: 1);
        _checks.Show(Replies.Reply(Replies.Decision(step: "proof", stage: "perform", at: Replies.Noon.AddSeconds(1))), request: 2);
        Assert.Equal(1, (await FindAsync("story order kept")).Failed);
    }

    [Theory]
    [InlineData("enthuse", 1)]
    [InlineData("perform", -1)]
    [InlineData("perform", 0)]
    public async Task A_story_may_go_back_with_the_stage_and_replies_may_come_out_of_order(string stage, int seconds)
    {
        _checks.Show(Replies.Reply(Replies.Decision(step: "offer", stage: "perform", at: Replies.Noon)), request: 1);
        _checks.Show(Replies.Reply(Replies.Decision(step: "proof", stage: stage, at: Replies.Noon.AddSeconds(seconds))), request: 2);
        Assert.Equal(0, (await FindAsync("story order kept")).Failed);
    }

    [Fact]
    public async Task A_retry_whose_first_answer_may_be_forgotten_is_not_judged()
    {
        string reply = Replies.Reply(Replies.Decision());
        _checks.Show(reply);

        _checks.Show(reply.Replace("c0000", "c0004", StringComparison.Ordinal), retry: true, mayBeForgotten: true);

        Assert.Equal(0, (await FindAsync("a retried request is answered the same")).Checked);
    }

    [Fact]
    public async Task A_retry_that_is_answered_otherwise_is_seen_and_counts_for_no_cap()
    {
        string reply = Replies.Reply(Replies.Decision());
        _checks.Show(reply);
        for (int i = 0; i < WorldStory.CapPerDay + 1; i++)
        {
            _checks.Show(reply.Replace("\"catalogueVersion\":\"7\"", "\"catalogueVersion\":\"8\"", StringComparison.Ordinal), retry: true);
        }

        Assert.Equal(0, (await FindAsync("a retried request is answered the same")).Failed);
        Assert.Equal(0, (await FindAsync("caps respected")).Failed);
        _checks.Show(reply.Replace("c0000", "c0004", StringComparison.Ordinal), retry: true);
        Assert.Equal(1, (await FindAsync("a retried request is answered the same")).Failed);
    }

    [Fact]
    public async Task An_event_that_is_counted_twice_is_seen()
    {
        Record(1, 0, repeat: false);
        Record(0, 1, repeat: true);
        Assert.Equal((1, 0), Counts(await FindAsync("repeated events counted once")));
        Record(1, 0, repeat: true);
        Assert.Equal((2, 1), Counts(await FindAsync("repeated events counted once")));
    }

    [Fact]
    public async Task An_acknowledged_event_that_is_lost_is_seen()
    {
        Record(1, 0, repeat: false);
        _server.Answers["/v1/events"] = """{"accepted":0,"duplicates":1,"rejected":0,"results":[]}""";
        Assert.Equal((1, 0), Counts(await FindAsync("acknowledged events found after the run")));
        _server.Answers["/v1/events"] = """{"accepted":1,"duplicates":0,"rejected":0,"results":[]}""";
        Assert.Equal(1, (await FindAsync("acknowledged events found after the run")).Failed);
    }

    [Fact]
    public async Task A_cap_that_the_servers_own_records_break_is_seen()
    {
        _checks.Show(Replies.Reply(Replies.Decision()));
        _server.Answers["/v1/consumers/r1-c000000001"] = View(WorldStory.CapPerDay);
        Assert.Equal((1, 0), Counts(await FindAsync("caps respected in the server's own records")));
        _server.Answers["/v1/consumers/r1-c000000001"] = View(WorldStory.CapPerDay + 1);
        Assert.Equal((1, 1), Counts(await FindAsync("caps respected in the server's own records")));
        _server.First.Enqueue(HttpStatusCode.NotFound);
        Assert.Equal((1, 1), Counts(await FindAsync("caps respected in the server's own records")));
    }

    [Fact]
    public async Task What_the_key_may_not_ask_is_left_out()
    {
        _checks.Show(Replies.Reply(Replies.Decision()));
        _server.First.Enqueue(HttpStatusCode.Forbidden);
        Assert.Equal((0, 0), Counts(await FindAsync("caps respected in the server's own records")));
    }

    [Fact]
    public async Task Books_that_a_recount_contradicts_are_seen()
    {
        _server.Answers["/v1/brands/r1-b000/recount"] = """{"asOf":"2026-11-22T12:00:00Z","stages":{},"mismatches":[],"ok":true}""";
        Assert.Equal((1, 0), Counts(await FindAsync("books equal a recount")));
        _server.Answers["/v1/brands/r1-b000/recount"] = """{"stages":{},"mismatches":[{"figure":"stage none","books":1,"counted":2}],"ok":false}""";
        Assert.Equal((1, 1), Counts(await FindAsync("books equal a recount")));
    }

    private void Record(int accepted, int duplicates, bool repeat) => _checks.Recorded(new SeenEvents
    {
        IsRepeat = repeat,
        RequestBody = """{"events":[{}]}"""u8,
        ReplyBody = Encoding.UTF8.GetBytes($$"""{"accepted":{{accepted}},"duplicates":{{duplicates}},"rejected":0,"results":[]}"""),
    });

    private static (long Checked, long Failed) Counts(CheckResult result) => (result.Checked, result.Failed);

    private static string View(int exposures)
    {
        const string reserved = """{"state":"reserved","late":false}""", late = """{"state":"confirmed","late":true}""";
        string listed = string.Join(',', Enumerable.Repeat(reserved, exposures).Append(late));
        return $$"""{ "id": "r1-c000000001", "brands": { "aurora": {}, "r1-b000": { "exposures": [{{listed}}] } } }""";
    }

    // A check that is asked twice starts anew in what it asks the server, and goes on in what it saw.
    private async Task<CheckResult> FindAsync(string name)
    {
        _server.Answers.TryAdd("/v1/consumers/r1-c000000001", View(1));
        _server.Answers.TryAdd("/v1/events", """{"accepted":0,"duplicates":1,"rejected":0,"results":[]}""");
        return Assert.Single(await _checks.FinishAsync(TestContext.Current.CancellationToken), r => r.Name == name);
    }
}
