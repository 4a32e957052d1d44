using Decisioning.Core.Catalogue;
using Decisioning.Lab.Streams;

namespace Decisioning.Lab.Tests;

public sealed class FormatTests
{
    [Theory]
    [InlineData("pv", EventType.View)]
    [InlineData("fav", EventType.Favorite)]
    [InlineData("cart", EventType.Cart)]
    [InlineData("buy", EventType.Purchase)]
    public void Taobao_behaviours_are_events(string behaviour, EventType type)
    {
        StreamEvent e = Read(new TaobaoFormat(), $"543462,1715,1464116,{behaviour},1511658000", 7);

        Assert.Equal((type, "543462", "1715", 1_511_658_000_000, 7), (e.Type, e.ConsumerId, e.Item, e.OccurredAt, e.Line));
        bool bought = type == EventType.Purchase;
        Assert.Equal(bought ? ("order-7", TaobaoFormat.PurchaseMicros) : (null, (long?)null), (e.OrderId, e.Value));
    }

    [Fact]
    public void Event_ids_come_from_the_line_and_its_place()
    {
        string id = Read(new TaobaoFormat(), "1,2,3,pv,4", 5).EventId;

        Assert.Equal(id, Read(new TaobaoFormat(), "1,2,3,pv,4", 5).EventId);
        Assert.NotEqual(id, Read(new TaobaoFormat(), "1,2,3,pv,4", 6).EventId);
        Assert.NotEqual(id, Read(new TaobaoFormat(), "1,2,3,pv,5", 5).EventId);
    }

    [Fact]
    public void A_json_line_is_an_event_of_the_api()
    {
        StreamEvent e = Read(
            new JsonLinesFormat(),
            """{"eventId":"e-1","type":"purchase","consumerId":"c-42","brand":"aurora","occurredAt":"2026-11-10T20:15:00.5+08:00","item":"sku-9","value":199000000,"currency":"CNY","channel":"app","rating":5,"orderId":"o-7","decisionId":null,"creative":"vr","other":{"x":[1]}}""",
            1);

        Assert.Equal(
            new StreamEvent
            {
                Line = 1,
                EventId = "e-1",
                Type = EventType.Purchase,
                ConsumerId = "c-42",
                Brand = "aurora",
                OccurredAt = new DateTimeOffset(2026, 11, 10, 12, 15, 0, 500, TimeSpan.Zero).ToUnixTimeMilliseconds(),
                Item = "sku-9",
                Value = 199_000_000,
                Currency = "CNY",
                Channel = "app",
                Rating = 5,
                OrderId = "o-7",
                Creative = "vr",
            },
            e);
    }

    [Fact]
    public void Brand_currency_and_event_id_may_be_left_out()
    {
        StreamEvent e = Read(new JsonLinesFormat(), """{"type":"purchase","consumerId":"c","occurredAt":"2026-11-10T20:15:00Z","orderId":"o","value":5}""", 3);
        var command = e.ToCommand("borealis", "EUR", 1000);

        Assert.Equal(("borealis", "EUR", e.OccurredAt + 1000), (command.Brand, command.Currency, command.OccurredAt));
        Assert.StartsWith("line-3-", command.EventId);
    }

    private static StreamEvent Read(IEventFormat format, string line, long number)
    {
        StreamEvent? e = format.Read(System.Text.Encoding.UTF8.GetBytes(line), number, out LineFault? fault);
        Assert.Null(fault);
        return e!;
    }
}
