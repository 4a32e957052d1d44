namespace Decisioning.Api.Tests.Support;

/// <summary>Bodies that tests start from.</summary>
internal static class Bodies
{
    public const string Decide = """{"requestId":"r-1","consumer":{"id":"c-42"},"placements":[{"id":"home-top"}]}""";

    public const string Event = """{"eventId":"e-1","type":"cart","consumerId":"c-42","brand":"aurora","occurredAt":"2026-11-10T20:15:00Z"}""";

    public static string Events(params string[] events) => $$"""{"events":[{{string.Join(',', events)}}]}""";
}
