using System.Globalization;
using System.Text;
using Decisioning.Load.Running;

namespace Decisioning.Load.Tests.Checks;

/// <summary>Replies as a server writes them, for one to doctor.</summary>
internal static class Replies
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static string Decision(string brand = "r1-b000", string creative = "c0000", string step = "open", string stage = "none", DateTimeOffset? at = null) =>
        $$$"""
        {"decisionId":"AbC","brand":"{{{brand}}}","campaign":"main","storyline":"story","step":"{{{step}}}","creative":{"id":"{{{creative}}}","format":"video","url":"https://cdn.example/x.mp4","landing":null,"appLink":null,"trackers":{"click":["https://3rd.example/c"]}},"stage":"none","deeplinkStage":"{{{stage}}}","intent":0,"purchaseProbability":null,"score":0.03,"propensity":0.5,"impressionUrl":"http://h/t/i/AbC","viewableUrl":"http://h/t/v/AbC","clickUrl":"http://h/t/c/AbC","eventUrl":"http://h/t/e/AbC","expiresAt":"{{{Expires(at ?? Noon)}}}"}
        """;

    public static string Reply(params string[] decisions) =>
        $$"""{"requestId":"q","catalogueVersion":"7","policyVersion":0,"placements":[{"id":"home-top","decisions":[{{string.Join(',', decisions)}}],"noDecision":null}]}""";

    public static void Show(this IAnswerWatch watch, string reply, int consumer = 1, long request = 1, bool retry = false, bool mayBeForgotten = false) => watch.Decided(new SeenDecision
    {
        Consumer = consumer,
        Request = request,
        IsRetry = retry,
        MayBeForgotten = mayBeForgotten,
        RequestBody = "{}"u8,
        ReplyBody = Encoding.UTF8.GetBytes(reply),
    });

    // Ten minutes of reservation.
    private static string Expires(DateTimeOffset at) => at.AddMinutes(10).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
