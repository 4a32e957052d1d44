using System.Buffers;
using System.Text.Json.Nodes;
using Decisioning.Api.Replies.Pulse;
using Decisioning.Api.Tests.Support;
using Decisioning.Core.Aggregate;

namespace Decisioning.Api.Tests;

public class PulseImageTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_pulse_with_its_shifts_applied_is_the_next_pulse(int seed)
    {
        Random random = new(seed);
        int shifts = 0;
        BrandPulse pulse = TestPulses.Of("aurora", 1);
        JsonObject shown = Whole(PulseImage.Of(pulse), 1);
        for (int frame = 2; frame < 300; frame++)
        {
            BrandPulse next = TestPulses.Mutate(pulse, random);
            PulseImage image = PulseImage.Of(next);
            JsonObject whole = Whole(image, frame);
            if (Shift(image, PulseImage.Of(pulse), frame) is { } shift)
            {
                shifts++;
                shown = ShiftMerge.Apply(shown, shift);
                Assert.Equal(ShiftMerge.Ordered(whole).ToJsonString(), ShiftMerge.Ordered(shown).ToJsonString());
            }
            else
            {
                Assert.True(HasLost(pulse, next), "A shift can say everything but that an entry has gone.");
                shown = whole;
            }

            pulse = next;
        }

        Assert.InRange(shifts, 100, 290);
    }

    [Fact]
    public void A_shift_carries_what_changed_and_nothing_else()
    {
        BrandPulse before = TestPulses.Of("aurora", 1);
        BrandPulse after = TestPulses.Of("aurora", 2, [before.Creatives[1] with { Paused = false }, before.Creatives[0]]);
        JsonObject shift = Shift(PulseImage.Of(after), PulseImage.Of(before), 7)!;
        Assert.Equal(["brand", "frame", "asOf", "campaigns", "creatives", "steps", "channels"], shift.Select(m => m.Key));
        Assert.Equal(("aurora", 7L, "2026-11-10T20:15:00.002Z"), ((string)shift["brand"]!, (long)shift["frame"]!, (string)shift["asOf"]!));
        Assert.Equal("vr", (string)Assert.Single((JsonArray)shift["creatives"]!)!["id"]!);
    }

    [Fact]
    public void A_pulse_in_which_nothing_but_the_time_moved_is_a_shift_of_the_time()
    {
        PulseImage image = PulseImage.Of(TestPulses.Of("aurora", 1));
        Assert.Equal(["brand", "frame", "asOf"], Shift(image, PulseImage.Of(TestPulses.Of("aurora", 1)), 2)!.Select(m => m.Key));
    }

    private static bool HasLost(BrandPulse before, BrandPulse after) =>
        before.Campaigns.ExceptBy(after.Campaigns.Select(c => c.Id), c => c.Id).Any()
        || before.Creatives.ExceptBy(after.Creatives.Select(c => c.Id), c => c.Id).Any()
        || before.Steps.ExceptBy(after.Steps.Select(s => (s.Storyline, s.Id)), s => (s.Storyline, s.Id)).Any()
        || before.Channels.ExceptBy(after.Channels.Select(c => c.Id), c => c.Id).Any();

    private static JsonObject Whole(PulseImage image, long frame)
    {
        ArrayBufferWriter<byte> text = new();
        image.WriteWhole(frame, text);
        return (JsonObject)JsonNode.Parse(text.WrittenSpan)!;
    }

    private static JsonObject? Shift(PulseImage image, PulseImage before, long frame)
    {
        ArrayBufferWriter<byte> text = new();
        return image.TryWriteShift(before, frame, text) ? (JsonObject)JsonNode.Parse(text.WrittenSpan)! : null;
    }
}
