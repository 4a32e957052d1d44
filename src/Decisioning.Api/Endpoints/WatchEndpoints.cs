using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Decisioning.Api.Access;
using Decisioning.Api.Replies;
using Decisioning.Api.Replies.Pulse;
using Decisioning.Api.Requests;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Decisioning.Api.Endpoints;

/// <summary>A brand's figures: as they stand, as they went, and counted anew.</summary>
internal sealed class WatchEndpoints(IWatchHost host, IDoor door)
{
    private const string Csv = "text/csv";

    public Task PulseAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!TryEnter(context, Roles.Watch, out string brand, out Problem? problem))
        {
            return ProblemReply.SendAsync(context.Response, problem);
        }

        return host.ReadPulse(brand) is { } pulse
            ? JsonReply.SendAsync(context.Response, pulse, PulseReplyWriter.Write)
            : ProblemReply.SendAsync(context.Response, Problem.UnknownBrand);
    }

    public async Task HistoryAsync(HttpContext context)
    {
        if (!TryEnter(context, Roles.Watch, out string brand, out Problem? problem)
            || HistoryRequestReader.Read(context.Request.Query, out problem) is not { } query)
        {
            await ProblemReply.SendAsync(context.Response, problem!);
            return;
        }

        Series? series = await host.ReadHistoryAsync(brand, query, context.RequestAborted);
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (series is null)
        {
            await ProblemReply.SendAsync(context.Response, Problem.UnknownBrand);
        }
        else if (PrefersCsv(context.Request))
        {
            ReadOnlyMemory<byte> csv = SeriesWriter.ToCsv(series);
            context.Response.ContentType = Csv;
            context.Response.ContentLength = csv.Length;
            await context.Response.Body.WriteAsync(csv, context.RequestAborted);
        }
        else
        {
            await JsonReply.SendAsync(context.Response, series, SeriesWriter.WriteJson);
        }
    }

    public async Task RecountAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!TryEnter(context, Roles.Admin, out string brand, out Problem? problem))
        {
            await ProblemReply.SendAsync(context.Response, problem);
            return;
        }

        RecountReport? report = await host.RecountAsync(brand, context.RequestAborted);
        await (report is null
            ? ProblemReply.SendAsync(context.Response, Problem.UnknownBrand)
            : JsonReply.SendAsync(context.Response, report, WriteRecount));
    }

    private bool TryEnter(HttpContext context, Roles role, out string brand, [NotNullWhen(false)] out Problem? problem)
    {
        brand = (string)context.Request.RouteValues["brand"]!;
        if (!door.TryEnter(context.Request, role, out ApiKey? caller, out problem))
        {
            return false;
        }

        problem = caller.MayUse(brand) ? null : Problem.Forbidden("The key may not use this brand.");
        return problem is null;
    }

    // JSON is what is answered where the caller does not mind, or asks for something else altogether.
    private static bool PrefersCsv(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted))
        {
            return false;
        }

        MediaTypeHeaderValue csv = new(Csv);
        MediaTypeHeaderValue json = new("application/json");
        return QualityOf(csv) > QualityOf(json);

        double QualityOf(MediaTypeHeaderValue type) =>
            accepted.Where(type.IsSubsetOf).OrderBy(a => a.MatchesAllTypes).ThenBy(a => a.MatchesAllSubTypes).FirstOrDefault() is { } range
                ? range.Quality ?? 1
                : 0;
    }

    private static void WriteRecount(Utf8JsonWriter json, RecountReport report)
    {
        json.WriteStartObject();
        json.WriteInstant("asOf", report.AsOf);
        json.WritePropertyName("stages");
        PulseMembers.WriteStages(json, Stages(report.Stages));
        json.WritePropertyName("deeplink");
        PulseMembers.WriteDeeplink(json, report.Stages);
        json.WriteStartArray("mismatches");
        foreach (RecountMismatch mismatch in report.Mismatches)
        {
            json.WriteStartObject();
            json.WriteString("figure", mismatch.Figure);
            json.WriteNumber("books", mismatch.Books);
            json.WriteNumber("counted", mismatch.Counted);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteBoolean("ok", report.Ok);
        json.WriteEndObject();
    }

    private static long[] Stages(long[] deeplink)
    {
        long[] stages = new long[Names.AllStages.Count];
        for (int fine = 0; fine < deeplink.Length; fine++)
        {
            stages[(int)Names.Aipl((DeeplinkStage)fine)] += deeplink[fine];
        }

        return stages;
    }
}
