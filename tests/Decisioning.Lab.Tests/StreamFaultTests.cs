using Decisioning.Lab.Streams;
using Decisioning.Lab.Tests.Support;

namespace Decisioning.Lab.Tests;

public sealed class StreamFaultTests
{
    [Theory]
    [InlineData("1,2,3,pv", 1, "5 fields")]
    [InlineData("1,2,3,pv,4,5", 1, "5 fields")]
    [InlineData("", 1, "5 fields")]
    [InlineData(",2,3,pv,4", 1, "user")]
    [InlineData("1,,3,pv,4", 3, "item")]
    [InlineData("1,22,333,look,4", 10, "'look'")]
    [InlineData("1,22,333,pv,soon", 13, "'soon'")]
    [InlineData("1,22,333,pv,-1", 13, "'-1'")]
    [InlineData("1,22,333,pv,1511658000.5", 13, "1511658000.5")]
    [InlineData("1,22,333,pv,99999999999999", 13, "99999999999999")]
    [InlineData("1,22,333,pv,", 13, "''")]
    public void Taobao_faults_are_told_by_line_and_column(string line, int column, string detail) => CheckFault(new TaobaoFormat(), "1,2,3,pv,1511658000", line, column, detail);

    [Theory]
    [InlineData("""{"type":"view","consumerId":"c","occurredAt":"2026-11-10T20:15:00Z" """, 69, "Not JSON")]
    [InlineData("""[1]""", 1, "one JSON object")]
    [InlineData("""{"type":"view","consumerId":"c","occurredAt":"2026-11-10T20:15:00Z"} {}""", 70, "")]
    [InlineData("""{"type":"vieww","consumerId":"c","occurredAt":"2026-11-10T20:15:00Z"}""", 9, "'vieww'")]
    [InlineData("""{"type":"view","consumerId":7,"occurredAt":"2026-11-10T20:15:00Z"}""", 29, "consumerId must be text")]
    [InlineData("""{"type":"view","consumerId":"","occurredAt":"2026-11-10T20:15:00Z"}""", 29, "1 to 128 bytes")]
    [InlineData("""{"type":"view","consumerId":"c","occurredAt":"2026-11-10T20:15:00"}""", 46, "RFC 3339")]
    [InlineData("""{"type":"view","consumerId":"c","occurredAt":"yesterday"}""", 46, "RFC 3339")]
    [InlineData("""{"type":"purchase","consumerId":"c","occurredAt":"2026-11-10T20:15:00Z"}""", 1, "orderId, value")]
    [InlineData("""{"type":"review","consumerId":"c","occurredAt":"2026-11-10T20:15:00Z","rating":6}""", 80, "1 to 5")]
    [InlineData("""{"type":"click","consumerId":"c","occurredAt":"2026-11-10T20:15:00Z"}""", 1, "decisionId or creative")]
    [InlineData("""{"type":"cart","consumerId":"c","occurredAt":"2026-11-10T20:15:00Z","value":1.5}""", 77, "whole number")]
    [InlineData("""{"type":"cart","consumerId":"\ud800","occurredAt":"2026-11-10T20:15:00Z"}""", 29, "surrogate")]
    public void Json_faults_are_told_by_line_and_column(string line, int column, string detail) =>
        CheckFault(new JsonLinesFormat(), """{"type":"view","consumerId":"c","occurredAt":"2026-11-10T20:15:00Z"}""", line, column, detail);

    [Fact]
    public void Columns_count_characters_not_bytes()
    {
        CheckFault(new TaobaoFormat(), "1,2,3,pv,1", "günther,2,3,look,4", 13, "'look'");
    }

    [Fact]
    public void A_byte_that_is_not_utf8_is_a_fault()
    {
        using var folder = new TestFolder();
        File.WriteAllBytes(folder.File("f"), [.. "1,2,3,pv,4\n1,2"u8, 0xFF, .. ",3,pv,4\n"u8]);

        BadDataException bad = Assert.Throws<BadDataException>(() => new EventStream(folder.File("f"), new TaobaoFormat()).LookThrough());
        Assert.Equal(new DataFault(folder.File("f"), 2, 4, "The byte ff is not UTF-8."), Assert.Single(bad.Faults));
    }

    [Fact]
    public void Windows_line_ends_and_a_byte_order_mark_are_no_faults()
    {
        using var folder = new TestFolder();
        File.WriteAllBytes(folder.File("f"), [0xEF, 0xBB, 0xBF, .. "1,2,3,pv,1511658000\r\n1,2,3,cart,1511658001"u8]);

        Assert.Equal(new StreamSummary(2, 1, 1_511_658_000_000, 1_511_658_001_000), new EventStream(folder.File("f"), new TaobaoFormat()).LookThrough());
        Assert.Equal(["1", "1"], new EventStream(folder.File("f"), new TaobaoFormat()).Read().Select(e => e.ConsumerId));
    }

    [Fact]
    public async Task Bad_data_ends_with_1_names_every_fault_and_replays_nothing()
    {
        using var folder = new TestFolder();
        string file = folder.Write("f.csv", [.. Enumerable.Range(0, 25).Select(_ => "1,2,3,look,4")]);

        LabCall call = await LabCall.RunAsync("replay", "--events", file, "--format", "taobao", "--brand", "b", "--embedded", folder.Data, "--json");

        Assert.Equal(ExitCodes.BadData, call.Code);
        Assert.Empty(call.Output);
        Assert.Contains($"{file}:1:7: The behaviour 'look'", call.Error);
        Assert.Contains($"{file}:20:7:", call.Error);
        Assert.Contains("5 more faults", call.Error);
        Assert.False(Directory.Exists(folder.Data));
    }

    [Fact]
    public void A_file_without_an_event_is_bad_data()
    {
        using var folder = new TestFolder();
        string file = folder.Write("f", "", "");

        Assert.Contains("no event", Assert.Throws<BadDataException>(() => new EventStream(file, new JsonLinesFormat()).LookThrough()).Message);
    }

    private static void CheckFault(IEventFormat format, string good, string bad, int column, string detail)
    {
        using var folder = new TestFolder();
        string file = folder.Write("f", good, bad, good);

        DataFault fault = Assert.Single(Assert.Throws<BadDataException>(() => new EventStream(file, format).LookThrough()).Faults);
        Assert.Equal((2, column), (fault.Line, fault.Column));
        Assert.Contains(detail, fault.Detail);
    }
}
