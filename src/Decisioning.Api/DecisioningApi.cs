using Decisioning.Api.Access;
using Decisioning.Api.Endpoints;
using Decisioning.Api.Tokens;
using Decisioning.Api.Watch;
using Decisioning.Core.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Decisioning.Api;

/// <summary>Puts the HTTP room together: the guard before everything, then every address of the contract.</summary>
public static class DecisioningApi
{
    /// <summary>Puts the guard into the pipeline; it belongs before whatever answers requests.</summary>
    public static IApplicationBuilder UseDecisioningGuard(this IApplicationBuilder app, AllowLists lists) => app.UseMiddleware<RequestGuard>(lists);

    /// <summary>Adds what the room needs of the application's services; before <see cref="MapDecisioning"/>.</summary>
    public static void AddDecisioning(this IServiceCollection services, ApiParts parts)
    {
        services.AddSingleton(parts);
        if (parts.Watch is { } watch)
        {
            services.AddWatching(parts.Host, watch, parts.Clock);
        }
    }

    /// <summary>Maps every address of the contract.</summary>
    public static void MapDecisioning(this IEndpointRouteBuilder routes)
    {
        ApiParts parts = routes.ServiceProvider.GetRequiredService<ApiParts>();
        Gate gate = new(parts.Keys);
        BaseUrls urls = new(parts.PublicUrl);
        MapLive(routes, parts, gate, urls);
        MapCatalogue(routes, parts.Host, gate);
        if (parts.Watch is { } watch)
        {
            MapWatch(routes, parts, watch, gate);
        }

        MapTrackers(routes, new TrackerEndpoints(parts.Tokens, parts.Host, parts.Sandbox.Host));
        MapSandbox(routes, parts, new SandboxGate(gate), urls);

        HealthEndpoints health = new(parts.Host, parts.StillToDo);
        routes.MapGet("/healthz", health.LiveAsync);
        routes.MapGet("/readyz", health.ReadyAsync);
        routes.MapGet("/openapi/v1.json", OpenApiEndpoint.ReadAsync);
    }

    private static void MapLive(IEndpointRouteBuilder routes, ApiParts parts, Gate gate, BaseUrls urls)
    {
        RealmHost live = new(parts.Host, TokenRealm.Live);
        ConsumerEndpoints consumers = new(parts.Host, gate);
        routes.MapPost("/v1/decisions", new DecisionsEndpoint(live, gate, parts.Tokens, urls).InvokeAsync);
        routes.MapPost("/v1/events", new EventsEndpoint(live, Roles.Ingest, parts.Host.RecordAsync, gate, parts.Tokens).InvokeAsync);
        routes.MapGet("/v1/consumers/{id}", consumers.ReadAsync);
        routes.MapDelete("/v1/consumers/{id}", consumers.EraseAsync);
    }

    private static void MapCatalogue(IEndpointRouteBuilder routes, IDecisionHost host, Gate gate)
    {
        BrandEndpoints brands = new(host, gate);
        routes.MapGet("/v1/brands", brands.ListAsync);
        routes.MapGet("/v1/brands/{brand}", brands.ReadAsync);
        routes.MapPut("/v1/brands/{brand}", brands.PutAsync);
        routes.MapDelete("/v1/brands/{brand}", brands.DeleteAsync);
        routes.MapPatch("/v1/brands/{brand}/campaigns/{id}", brands.PatchCampaignAsync);
        routes.MapPatch("/v1/brands/{brand}/creatives/{id}", brands.PatchCreativeAsync);
        routes.MapGet("/v1/brands/{brand}/audit", brands.AuditAsync);
        routes.MapPut("/v1/settings", new SettingsEndpoint(host, gate).PutAsync);
    }

    private static void MapWatch(IEndpointRouteBuilder routes, ApiParts parts, IWatchHost host, Gate gate)
    {
        RealmHost live = new(parts.Host, TokenRealm.Live);
        WatchTickets tickets = new(parts.Clock);
        WatchEndpoints watch = new(host, gate);
        routes.MapPost("/v1/imports", new EventsEndpoint(live, Roles.Admin, host.ImportAsync, gate, parts.Tokens).InvokeAsync);
        routes.MapGet("/v1/brands/{brand}/pulse", watch.PulseAsync);
        routes.MapGet("/v1/brands/{brand}/history", watch.HistoryAsync);
        routes.MapGet("/v1/brands/{brand}/recount", watch.RecountAsync);
        routes.MapPost("/v1/watch-tickets", new WatchTicketEndpoint(parts.Host, gate, tickets).InvokeAsync);
        routes.MapPulseHub(new HubDoor(gate, tickets));
    }

    private static void MapTrackers(IEndpointRouteBuilder routes, TrackerEndpoints trackers)
    {
        routes.MapGet($"/t/i/{{{TrackerEndpoints.Token}}}", trackers.ImpressionAsync);
        routes.MapGet($"/t/v/{{{TrackerEndpoints.Token}}}", trackers.ViewableAsync);
        routes.MapGet($"/t/c/{{{TrackerEndpoints.Token}}}", trackers.ClickAsync);
        routes.MapGet($"/t/e/{{{TrackerEndpoints.Token}}}", trackers.InteractionAsync);
        routes.MapPost($"/t/e/{{{TrackerEndpoints.Token}}}", trackers.InteractionAsync);
    }

    private static void MapSandbox(IEndpointRouteBuilder routes, ApiParts parts, SandboxGate gate, BaseUrls urls)
    {
        IDecisionHost host = parts.Sandbox.Host;
        RealmHost sandbox = new(host, TokenRealm.Sandbox);
        ConsumerEndpoints consumers = new(host, gate);
        ClockEndpoints clock = new(parts.Sandbox, gate);
        routes.MapPost("/v1/sandbox/decisions", new DecisionsEndpoint(sandbox, gate, parts.Tokens, urls).InvokeAsync);
        routes.MapPost("/v1/sandbox/events", new EventsEndpoint(sandbox, Roles.Ingest, host.RecordAsync, gate, parts.Tokens).InvokeAsync);
        routes.MapGet("/v1/sandbox/consumers/{id}", consumers.ReadAsync);
        routes.MapDelete("/v1/sandbox/consumers/{id}", consumers.EraseAsync);
        routes.MapGet("/v1/sandbox/clock", clock.ReadAsync);
        routes.MapPost("/v1/sandbox/clock", clock.AdvanceAsync);
    }
}
