using System.Text.Json.Nodes;
using Decisioning.EndToEnd.Tests.Support;

namespace Decisioning.EndToEnd.Tests;

/// <summary>A brand starts with its history: who bought when is where the rules put them, and nothing else is booked for it.</summary>
public sealed class ImportTests(SharedServer shared)
{
    [Theory]
    [InlineData("purchase", 400, 380)]
    [InlineData("loyalty", 364, 363)]
    [InlineData("none", 911)]
    public async Task Purchases_of_any_age_put_their_consumer_where_the_rules_say(string stage, params int[] daysAgo)
    {
        ApiClient api = shared.Server.Api;
        string brand = await api.PutNewAsync(Brands.Plain(), "history"), consumer = Bodies.NewId();
        JsonNode before = (await api.GetAsync($"/v1/brands/{brand}/pulse")).Ok().Json;

        Answer answer = await api.PostAsync("/v1/imports", Bodies.Events([.. daysAgo.Select(days => Purchase(consumer, brand, days))]));
        Assert.All(answer.Ok().Json.List("results"), result => Assert.Equal("accepted", result.Text("status")));

        JsonNode view = (await api.GetAsync($"/v1/consumers/{consumer}")).Ok().Json;
        Assert.Equal(stage, view["brands"]![brand].Text("stage"));
        JsonNode recount = (await api.GetAsync($"/v1/brands/{brand}/recount")).Ok().Json;
        Assert.True(recount["ok"]!.GetValue<bool>(), recount.ToJsonString());
        JsonNode after = (await api.GetAsync($"/v1/brands/{brand}/pulse")).Ok().Json;
        Assert.Equal(1, after["stages"].Number(stage));
        Assert.Equal(before["spend"]!.ToJsonString(), after["spend"]!.ToJsonString());
        Assert.Equal(before["purchaseIntentIndex"]!.ToJsonString(), after["purchaseIntentIndex"]!.ToJsonString());
        Assert.Equal(0, after["activity"].Number("events"));
    }

    private static JsonObject Purchase(string consumer, string brand, int daysAgo) =>
        Bodies.Event(consumer, brand, "purchase", DateTimeOffset.UtcNow.AddDays(-daysAgo))
            .With("orderId", $"o{daysAgo}").With("value", 1_000_000).With("currency", "EUR");
}
