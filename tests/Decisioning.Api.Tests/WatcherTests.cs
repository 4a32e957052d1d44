using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Decisioning.Api.Access;
using Decisioning.Api.Tests.Support;
using Decisioning.Api.Watch;
using Decisioning.Core.Aggregate;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Decisioning.Api.Tests;

public class WatcherTests
{
    private readonly TestClock _clock = new();
    private readonly ScriptedWatch _host = new();
    private readonly BrandChannels _brands;
    private long _version = 1;

    public WatcherTests() => _brands = new BrandChannels(_host, _clock, NullLogger<BrandChannels>.Instance);

    [Fact]
    public void A_watcher_gets_the_whole_pulse_and_then_shifts_with_consecutive_numbers()
    {
        ScriptedLine line = new();
        Join("aurora", line);
        Beat("aurora");
        Beat("aurora");
        Assert.Equal(["pulse aurora 1", "shift aurora 2", "shift aurora 3"], line.Sent);
    }

    [Fact]
    public void What_is_new_waits_for_a_look_where_a_frame_may_be_sent_and_else_for_the_beat()
    {
        ScriptedLine line = new();
        Join("aurora", line);
        void LookAfter(int milliseconds)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
            _brands.Look();
        }

        LookAfter(400);
        Put("aurora");
        LookAfter(50);
        Assert.Equal(["pulse aurora 1", "shift aurora 2"], line.Sent);
        Put("aurora");
        LookAfter(199);
        Assert.Equal(["pulse aurora 1", "shift aurora 2"], line.Sent);
        LookAfter(1);
        Assert.Equal(["pulse aurora 1", "shift aurora 2", "shift aurora 3"], line.Sent);
    }

    [Fact]
    public void A_beat_without_a_change_sends_nothing()
    {
        ScriptedLine line = new();
        Join("aurora", line);
        Look();
        Assert.Equal(["pulse aurora 1"], line.Sent);
    }

    [Fact]
    public void A_busy_watcher_has_one_message_on_its_way_misses_frames_and_gets_a_whole_pulse_when_it_is_free()
    {
        ScriptedLine slow = new() { Holds = true };
        ScriptedLine quick = new();
        Join("aurora", slow);
        Join("aurora", quick);
        for (int beat = 0; beat < 5; beat++)
        {
            Beat("aurora");
        }

        Assert.Equal(["pulse aurora 1"], slow.Sent);
        Assert.Equal(["pulse aurora 1", "shift aurora 2", "shift aurora 3", "shift aurora 4", "shift aurora 5", "shift aurora 6"], quick.Sent);
        slow.Release();
        Assert.Equal(["pulse aurora 1", "pulse aurora 6"], slow.Sent);
        slow.Holds = false;
        slow.Release();
        Beat("aurora");
        Assert.Equal(["pulse aurora 1", "pulse aurora 6", "shift aurora 7"], slow.Sent);
    }

    [Fact]
    public void A_watcher_that_was_busy_for_one_frame_only_gets_its_shift()
    {
        ScriptedLine line = new() { Holds = true };
        Join("aurora", line);
        Beat("aurora");
        line.Release();
        Assert.Equal(["pulse aurora 1", "shift aurora 2"], line.Sent);
    }

    [Fact]
    public void A_slow_watcher_of_several_brands_gets_something_of_each()
    {
        ScriptedLine line = new() { Holds = true };
        Watcher watcher = Join("aurora", line);
        watcher.Add(_brands.Join("borealis", watcher)!);
        for (int round = 0; round < 6; round++)
        {
            Beat("aurora", "borealis");
            Beat("aurora", "borealis");
            line.Release();
        }

        string[] brands = [.. line.Sent.Select(s => s.Split(' ')[1])];
        Assert.Equal(Enumerable.Range(0, brands.Length).Select(i => i % 2 == 0 ? "aurora" : "borealis"), brands);
    }

    [Fact]
    public void A_pulse_is_read_and_written_once_a_beat_however_many_watch()
    {
        ScriptedLine[] lines = [.. Enumerable.Range(0, 100).Select(_ => new ScriptedLine())];
        Array.ForEach(lines, l => Join("aurora", l));
        int before = _host.Reads;
        Beat("aurora");
        Assert.Equal(before + 1, _host.Reads);
        Assert.All(lines, l => Assert.True(l.Messages[^1].Span.Overlaps(lines[0].Messages[^1].Span), "The bytes are shared."));
        Assert.All(lines, l => Assert.True(l.Messages[0].Span.Overlaps(lines[0].Messages[0].Span), "The bytes are shared."));
    }

    [Fact]
    public void A_brand_that_nobody_watches_any_more_is_not_read()
    {
        Watcher watcher = Join("aurora", new ScriptedLine());
        watcher.Remove<BrandChannel>(c => c.Brand == "aurora");
        Beat("aurora");
        int reads = _host.Reads;
        Beat("aurora");
        Assert.Equal(reads, _host.Reads);
    }

    [Fact]
    public void A_closed_watcher_is_sent_nothing_and_leaves_its_brands()
    {
        ScriptedLine line = new();
        Watcher watcher = Join("aurora", line);
        watcher.Close();
        Beat("aurora");
        int reads = _host.Reads;
        Beat("aurora");
        Assert.Equal(["pulse aurora 1"], line.Sent);
        Assert.Equal(reads, _host.Reads);
    }

    [Fact]
    public void One_that_joins_after_its_connection_closed_is_not_kept()
    {
        Watcher watcher = New(new ScriptedLine());
        watcher.Close();
        watcher.Add(_brands.Join("aurora", watcher)!);
        Beat("aurora");
        int reads = _host.Reads;
        Beat("aurora");
        Assert.Equal(reads, _host.Reads);
    }

    [Fact]
    public void A_brand_that_goes_is_told_once_and_comes_back_by_itself()
    {
        ScriptedLine line = new();
        ScriptedLine slow = new() { Holds = true };
        Watcher watcher = Join("aurora", line);
        Join("aurora", slow);
        _host.Pulses.TryRemove("aurora", out _);
        Look();
        Look();
        Assert.Null(_brands.Join("aurora", watcher));
        Assert.False(watcher.TryRenew<BrandChannel>(c => c.Brand == "aurora"));
        Assert.Equal(1, watcher.Count<BrandChannel>());

        // The same pulse as before, of the same version: it is news again.
        _host.Put(TestPulses.Of("aurora", _version));
        Look();
        Beat("aurora");
        Assert.Equal(["pulse aurora 1", "gone aurora ", "pulse aurora 3", "shift aurora 4"], line.Sent);
        slow.Release();
        Assert.Equal(["pulse aurora 1", "pulse aurora 4"], slow.Sent);
    }

    [Fact]
    public void Who_asks_again_for_a_brand_that_is_back_is_sent_it_once_and_nothing_of_its_going()
    {
        ScriptedLine line = new();
        ScriptedLine other = new();
        Watcher watcher = Join("aurora", line);
        _host.Pulses.TryRemove("aurora", out _);
        Look();
        Put("aurora");
        watcher.Add(_brands.Join("aurora", watcher)!);
        Join("aurora", other);
        Look();
        Assert.Equal(["pulse aurora 1", "gone aurora ", "pulse aurora 3"], line.Sent);
        Assert.Equal(["pulse aurora 3"], other.Sent);
        Assert.Equal(1, watcher.Count<BrandChannel>());
    }

    [Fact]
    public void A_brand_that_went_and_that_nobody_waits_for_any_more_is_not_read()
    {
        Watcher watcher = Join("aurora", new ScriptedLine());
        _host.Pulses.TryRemove("aurora", out _);
        Look();
        watcher.Remove<BrandChannel>(c => c.Brand == "aurora");
        Look();
        int reads = _host.Reads;
        Look();
        Assert.Equal(reads, _host.Reads);
    }

    [Fact]
    public void Asking_again_gives_the_whole_pulse()
    {
        ScriptedLine line = new();
        Watcher watcher = Join("aurora", line);
        Beat("aurora");
        Assert.True(watcher.TryRenew<BrandChannel>(c => c.Brand == "aurora"));
        Assert.Equal(["pulse aurora 1", "shift aurora 2", "pulse aurora 2"], line.Sent);
    }

    [Fact]
    public void A_brand_that_cannot_be_read_does_not_keep_others_from_their_frames()
    {
        ScriptedLine line = new();
        Join("aurora", line);
        _host.Fault = new InvalidOperationException("Scripted.");
        Beat("aurora");
        _host.Fault = null;
        Look();
        Assert.Equal(["pulse aurora 1", "shift aurora 2"], line.Sent);
    }

    [Fact]
    public void A_connection_that_takes_nothing_for_thirty_seconds_is_aborted_and_no_other()
    {
        WatcherList list = new(NullLogger<WatcherList>.Instance);
        ScriptedLine stuck = new() { Holds = true };
        ScriptedLine well = new();
        list.Add(Join("aurora", stuck));
        list.Add(Join("aurora", well));
        _clock.Advance(WatchBounds.LongestSend - TimeSpan.FromMilliseconds(1));
        list.Beat();
        Assert.False(stuck.IsAborted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        list.Beat();
        Assert.True(stuck.IsAborted);
        Assert.False(well.IsAborted);
        Assert.Equal(1, list.Count);
    }

    [Fact]
    public async Task Nothing_ticks_while_nobody_watches()
    {
        WatcherList list = new(NullLogger<WatcherList>.Instance);
        ConsumerChannels consumers = new(new ScriptedHost(), NullLogger<ConsumerChannels>.Instance);
        using WatchBeat beat = new(_brands, consumers, list, _clock);
        await beat.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, _clock.Ticking);
        for (long shift = 0; shift < 2; shift++)
        {
            ScriptedLine line = new();
            Watcher watcher = Join("aurora", line);
            list.Add(watcher);
            Assert.Equal(1, _clock.Ticking);
            Put("aurora");
            _clock.Advance(WatchBounds.Beat);
            Assert.Equal(2, line.Sent.Count());
            list.Remove(watcher);
            watcher.Close();
            _clock.Advance(2 * WatchBounds.Beat);
            Assert.Equal(0, _clock.Ticking);
        }
    }

    [Fact]
    public void A_connection_that_takes_something_in_time_is_left_alone()
    {
        WatcherList list = new(NullLogger<WatcherList>.Instance);
        ScriptedLine line = new() { Holds = true };
        list.Add(Join("aurora", line));
        for (int i = 0; i < 4; i++)
        {
            Put("aurora");
            _brands.Look();
            _clock.Advance(WatchBounds.LongestSend - TimeSpan.FromMilliseconds(1));
            list.Beat();
            line.Release();
        }

        Assert.False(line.IsAborted);
    }

    [Fact]
    public void A_connection_that_fails_is_aborted()
    {
        ScriptedLine line = new() { Fault = new InvalidOperationException("Scripted.") };
        Join("aurora", line);
        Assert.True(line.IsAborted);
    }

    [Fact]
    public async Task Ten_thousand_that_join_one_brand_at_once_share_its_frames_and_hold_nobody_up()
    {
        const int Many = WatchBounds.Connections;
        ScriptedLine settled = new();
        Join("aurora", settled);
        Join("aurora", new ScriptedLine { Holds = true });
        ScriptedLine[] lines = [.. Enumerable.Range(0, Many).Select(_ => new ScriptedLine())];
        int reads = _host.Reads;
        Task joining = Task.Run(() => Parallel.ForEach(lines, line => Join("aurora", line)));
        int frames = 1;
        do
        {
            Beat("aurora");
            Assert.Equal(++frames, settled.Messages.Count);
        }
        while (!joining.IsCompleted);

        await joining;
        Assert.Equal(reads + frames - 1, _host.Reads);
        Assert.Equal(Enumerable.Range(2, frames - 1).Select(n => $"shift aurora {n}"), settled.Sent.Skip(1));
        Beat("aurora");
        Assert.All(lines, line => Assert.StartsWith("{\"type\":1,\"target\":\"pulse\"", Encoding.UTF8.GetString(line.Messages[0].Span), StringComparison.Ordinal));
        Assert.All(lines, line => Assert.True(line.Messages[^1].Span == settled.Messages[^1].Span));

        // However many watch, there are a whole and a shift of each frame and no more.
        Assert.InRange(lines.SelectMany(l => l.Messages).DistinctBy(BufferOf).Count(), 2, 2 * (frames + 1));
    }

    private static byte[] BufferOf(ReadOnlyMemory<byte> message) => MemoryMarshal.TryGetArray(message, out ArraySegment<byte> segment) ? segment.Array! : throw new InvalidOperationException("No array.");

    private Watcher New(ScriptedLine line) => new(line, ApiKey.Local, _clock, NullLogger.Instance);

    private Watcher Join(string brand, ScriptedLine line)
    {
        Watcher watcher = New(line);
        watcher.Add(_brands.Join(brand, watcher)!);
        return watcher;
    }

    private void Put(string brand) => _host.Put(TestPulses.Of(brand, ++_version));

    private void Beat(params string[] changed)
    {
        Array.ForEach(changed, Put);
        Look();
    }

    private void Look()
    {
        _clock.Advance(WatchBounds.Beat);
        _brands.Look();
    }

    /// <summary>A connection that takes messages as it is told to.</summary>
    private sealed class ScriptedLine : IWatcherLine
    {
        private TaskCompletionSource _room = new();

        public List<ReadOnlyMemory<byte>> Messages { get; } = [];

        /// <summary>The messages as <c>target brand frame</c>.</summary>
        public IEnumerable<string> Sent => Messages.Select(Describe);

        /// <summary>Whether a message waits until <see cref="Release"/>.</summary>
        public bool Holds { get; set; }

        public Exception? Fault { get; init; }

        public bool IsAborted { get; private set; }

        public ValueTask SendAsync(SerializedHubMessage message)
        {
            Messages.Add(message.GetSerializedMessage(new JsonHubProtocol()));
            return Fault is not null ? throw Fault : Holds ? new ValueTask(_room.Task) : ValueTask.CompletedTask;
        }

        public void Abort() => IsAborted = true;

        /// <summary>Lets the message that waits go; the next one waits anew.</summary>
        public void Release()
        {
            TaskCompletionSource room = _room;
            _room = new TaskCompletionSource();
            room.SetResult();
        }

        private static string Describe(ReadOnlyMemory<byte> message)
        {
            JsonElement call = JsonDocument.Parse(Encoding.UTF8.GetString(message.Span).TrimEnd('\x1e')).RootElement;
            JsonElement argument = call.GetProperty("arguments")[0];
            string frame = argument.TryGetProperty("frame", out JsonElement number) ? number.ToString() : "";
            return $"{call.GetProperty("target").GetString()} {argument.GetProperty("brand").GetString()} {frame}";
        }
    }
}
