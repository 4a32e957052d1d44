using System.Text;
using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Api.Requests;
using Decisioning.Api.Tests.Support;
using Decisioning.Api.Tokens;
using Decisioning.Core.Decide;

namespace Decisioning.Api.Tests;

/// <summary>Seeded: a failure names the seed and the body. Whatever comes in is either read within its bounds or refused with a documented code.</summary>
public class ReaderFuzzTests
{
    private const int Rounds = 20_000;

    private static readonly byte[] Seed = Encoding.UTF8.GetBytes("""
        {"requestId":"r-1","consumer":{"id":"c-42","aliases":[],"attributes":{"age":31,"tier":1,"x":"é\n"},"consent":true},
        "placements":[{"id":"home-top","channel":"home","formats":["video","image"],"size":"640x360","count":1,"confirm":"impression"},{"id":"b","count":20}],
        "context":{"device":"mobile","country":"CN","keywords":["lipstick"]},"brands":["aurora"],"tmaxMs":50,"explain":false,"test":false,"preview":null,
        "events":[{"eventId":"e-1","type":"cart","consumerId":"c-42","brand":"aurora","occurredAt":"2026-11-10T20:15:00Z","item":"sku-9","value":1,"rating":5,"decisionId":"AQAA"}]}
        """);

    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "{", "}", "[", "]", ",", ":", "\"", "null", "true", "1e999", "-1", "99999999999999999999", "\"\\ud800\"", "\"\\u0000\"", "\"id\":",
                "\"consumer\":{", "[[[[[[[[",
            "\"events\":[{}]", "\\", "\u2028", "é", "\"\"",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0x00],
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_readers_stand_whatever_comes(int seed)
    {
        using TokenRing tokens = TestApi.NewRing();
        RequestContext context = new(TestCatalogue.Snapshot, ApiKey.Local, tokens, TokenRealm.Live, 0);
        Random random = new(seed);
        int read = 0;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] body = Mutate(random);
            DecideRequest? request = BodyReading.Read(body, context, DecideRequestReader.Read, out Problem? problem);
            Assert.True(request is null != problem is null, $"Seed {seed}, round {round}: {Convert.ToBase64String(body)}");
            if (request is not null)
            {
                read++;
                CheckBounds(request.Command);
            }
            else
            {
                CheckProblem(problem!);
            }

            EventBatch? batch = BodyReading.Read(body, context, EventsRequestReader.Read, out problem);
            Assert.True(batch is null != problem is null, $"Seed {seed}, round {round}: {Convert.ToBase64String(body)}");
        }

        // Were nearly everything refused at once, the fuzzer would be looking at the first few checks only.
        Assert.InRange(read, Rounds / 50, Rounds / 2);
    }

    private static byte[] Mutate(Random random)
    {
        List<byte> body = [.. Seed];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(body.Count);
            switch (random.Next(6))
            {
                case 0: body[at] = (byte)random.Next(256); break;
                case 1: body[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: body.RemoveRange(at, Math.Min(body.Count - at, random.Next(1, 20))); break;
                case 3: body.InsertRange(at, Pieces[random.Next(Pieces.Length)]); break;
                case 4: body.InsertRange(at, body.GetRange(random.Next(body.Count / 2), random.Next(1, body.Count / 3))); break;
                default: body[at] = body[random.Next(body.Count)]; break;
            }

            if (body.Count == 0)
            {
                break;
            }
        }

        return [.. body];
    }

    private static void CheckBounds(DecideCommand command)
    {
        Assert.True(command.ConsumerId is not null || command.Consent == false);
        Assert.InRange(command.Placements.Count, 1, RequestBounds.Placements);
        Assert.Equal(command.Placements.Count, command.Placements.DistinctBy(p => p.Id).Count());
        Assert.All(command.Placements, p => Assert.InRange(p.Count, 1, RequestBounds.SlotsPerPlacement));
        Assert.All(command.Placements, p => Assert.InRange(p.Formats, 1, 15));
        Assert.InRange(command.Attributes.Count, 0, RequestBounds.Attributes);
        Assert.NotEmpty(command.Brands);
    }

    private static void CheckProblem(Problem problem)
    {
        Assert.Equal(400, problem.Status);
        Assert.True(problem.Code is ProblemCodes.Malformed or ProblemCodes.Invalid);
        Assert.Equal(problem.Code == ProblemCodes.Invalid, problem.Faults.Count > 0);
        Assert.Equal(problem.Code == ProblemCodes.Malformed, problem.Line >= 1 && problem.Position >= 1);
        Assert.All(problem.Faults, f => Assert.True(f.Pointer.Length == 0 || f.Pointer[0] == '/'));
    }
}
