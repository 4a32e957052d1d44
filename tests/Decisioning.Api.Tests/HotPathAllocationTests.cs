using System.Buffers;
using System.Text;
using System.Text.Json;
using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Api.Requests;
using Decisioning.Api.Tests.Support;
using Decisioning.Api.Tokens;
using Decisioning.Core.Decide;

namespace Decisioning.Api.Tests;

/// <summary>Bytes are steady where nanoseconds are not: what reading and writing a decision may allocate.</summary>
public class HotPathAllocationTests
{
    /// <summary>The command with its lists, one placement, and the two ids that are the request's own.</summary>
    private const long ReadBudget = 700;

    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""
        {"requestId":"r-1","consumer":{"id":"c-42","consent":true},"placements":[{"id":"home-top","channel":"home","formats":["video"],"size":"640x360"}],
        "context":{"device":"mobile","country":"CN"},"tmaxMs":50}
        """);

    [Fact]
    public void Reading_a_request_allocates_the_command_and_no_more()
    {
        using TokenRing tokens = TestApi.NewRing();
        RequestContext context = new(TestCatalogue.Snapshot, ApiKey.Local, tokens, TokenRealm.Live, 0);
        Assert.InRange(Measure(() => BodyReading.Read(Body, context, DecideRequestReader.Read, out _)), 1, ReadBudget);
    }

    [Fact]
    public void Writing_an_answer_allocates_nothing()
    {
        using TokenRing tokens = TestApi.NewRing();
        RequestContext context = new(TestCatalogue.Snapshot, ApiKey.Local, tokens, TokenRealm.Live, 0);
        DecideCommand command = BodyReading.Read(Body, context, DecideRequestReader.Read, out _)!.Command;
        DecideReply reply = new()
        {
            At = ScriptedHost.Start,
            Catalogue = TestCatalogue.Snapshot,
            PolicyVersion = 0,
            Placements = [new PlacementReply([TestCatalogue.Decision(TestCatalogue.Aurora)], null)],
        };
        DecideAnswer answer = new(command, reply, null, tokens, TokenRealm.Live, "http://localhost:5080"u8.ToArray());
        ArrayBufferWriter<byte> buffer = new(16 * 1024);
        using Utf8JsonWriter json = new(buffer, new JsonWriterOptions { SkipValidation = true });
        Assert.Equal(0, Measure(() =>
        {
            buffer.ResetWrittenCount();
            json.Reset(buffer);
            DecideReplyWriter.Write(json, answer);
            json.Flush();
        }));
    }

    private static long Measure(Action act)
    {
        const int Times = 100;
        act();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Times; i++)
        {
            act();
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
    }
}
