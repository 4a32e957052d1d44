using System.Globalization;
using System.Text;
using Decisioning.Api.Text;

namespace Decisioning.Api.Tests;

public class TextTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1969-12-31T23:59:59.999Z", -1)]
    [InlineData("2026-11-10T20:15:00Z", 1_794_341_700_000)]
    [InlineData("2026-11-10t20:15:00z", 1_794_341_700_000)]
    [InlineData("2026-11-11T04:15:00+08:00", 1_794_341_700_000)]
    [InlineData("2026-11-10T14:45:00-05:30", 1_794_341_700_000)]
    [InlineData("2026-11-10T20:15:00.1234567891Z", 1_794_341_700_123)]
    [InlineData("2026-11-10T20:15:00.5-00:00", 1_794_341_700_500)]
    [InlineData("2024-02-29T00:00:00Z", 1_709_164_800_000)]
    public void An_RFC_3339_time_is_read(string text, long expected)
    {
        Assert.True(Rfc3339.TryParse(Encoding.ASCII.GetBytes(text), out long instant));
        Assert.Equal(expected, instant);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2026-11-10")]
    [InlineData("2026-11-10T20:15:00")]
    [InlineData("2026-11-10 20:15:00Z")]
    [InlineData("2026-11-10T20:15Z")]
    [InlineData("2026-11-10T20:15:60Z")]
    [InlineData("2026-11-10T24:00:00Z")]
    [InlineData("2026-13-10T20:15:00Z")]
    [InlineData("2026-02-29T20:15:00Z")]
    [InlineData("2026-00-10T20:15:00Z")]
    [InlineData("2026-11-10T20:15:00.Z")]
    [InlineData("2026-11-10T20:15:00+0800")]
    [InlineData("2026-11-10T20:15:00+24:00")]
    [InlineData("2026-11-10T20:15:00ZZ")]
    [InlineData("+026-11-10T20:15:00Z")]
    [InlineData("0000-11-10T20:15:00Z")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    [InlineData("12026-11-10T20:15:00Z")]
    public void Anything_else_is_no_time(string text) => Assert.False(Rfc3339.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void Times_are_written_as_the_framework_reads_them()
    {
        Random random = new(7);
        byte[] text = new byte[Rfc3339.Length];
        foreach (long instant in Enumerable.Range(0,
            5000).Select(_ => random.NextInt64(Rfc3339.First, Rfc3339.Last + 1)).Append(Rfc3339.First).Append(Rfc3339.Last))
        {
            Rfc3339.Format(instant, text);
            DateTimeOffset read = DateTimeOffset.ParseExact(
                Encoding.ASCII.GetString(text), "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            Assert.Equal(instant, read.ToUnixTimeMilliseconds());
            Assert.True(Rfc3339.TryParse(text, out long again));
            Assert.Equal(instant, again);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Rfc3339.Format(Rfc3339.Last + 1, text));
    }

    [Fact]
    public void Short_strings_come_back_as_they_are_and_are_not_made_twice()
    {
        ShortStrings strings = new();
        foreach (string text in new[] { "", "home", "é", "日本語", new string('x', 32), new string('x', 33), "😀" })
        {
            Assert.Equal(text, strings.Of(Encoding.UTF8.GetBytes(text)));
        }

        Assert.Same(strings.Of("home"u8), strings.Of("home"u8));
    }
}
