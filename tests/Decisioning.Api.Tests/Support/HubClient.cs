using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;

namespace Decisioning.Api.Tests.Support;

/// <summary>A watcher that speaks SignalR's JSON protocol over a WebSocket by itself.</summary>
internal sealed class HubClient : IAsyncDisposable
{
    /// <summary>How long a test waits for what must come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const char RecordSeparator = '\x1e';

    private readonly ClientWebSocket _socket = new();
    private readonly Channel<HubCall> _calls = System.Threading.Channels.Channel.CreateUnbounded<HubCall>();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string?>> _waiting = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly MemoryStream _received = new();
    private HttpMessageInvoker? _invoker;
    private Task _reading = Task.CompletedTask;
    private int _invocations;

    private HubClient()
    {
    }

    /// <summary>Done once the connection has ended, however.</summary>
    public Task Ended => _ended.Task.WaitAsync(Patience);

    /// <summary>What the server gave as the reason of its end; null where it gave none.</summary>
    public string? CloseError { get; private set; }

    /// <summary>Frames that have come and were not looked at.</summary>
    public int Unseen => _calls.Reader.Count;

    /// <summary>Connects and shakes hands.</summary>
    /// <param name="server">The server's address.</param>
    /// <param name="ticket">Sent as <c>access_token</c>.</param>
    /// <param name="reads">False: takes nothing until <see cref="Read"/>, with small buffers.</param>
    /// <param name="headers">Sent with the request.</param>
    public static async Task<HubClient> ConnectAsync(Uri server, string? ticket = null, bool reads = true, params (string Name, string Value)[] headers)
    {
        HubClient client = new();
        await client.OpenAsync(server, ticket, reads, headers);
        await client.SendAsync("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", await client.ReceiveRecordAsync());
        if (reads)
        {
            client.Read();
        }

        return client;
    }

    /// <summary>Connects and stops short of the handshake.</summary>
    public static async Task<HubClient> ConnectSilentlyAsync(Uri server)
    {
        HubClient client = new();
        await client.OpenAsync(server, null, true, []);
        client.Read();
        return client;
    }

    /// <summary>Begins to take what comes.</summary>
    public void Read() => _reading = ReadAllAsync();

    /// <summary>Calls a method of the hub; null, or the error it answers with.</summary>
    public async Task<string?> CallAsync(string method, params object?[] arguments)
    {
        string id = await StartAsync(method, arguments);
        return await _waiting[id].Task.WaitAsync(Patience);
    }

    /// <summary>Calls a method without waiting for the answer; the invocation's id.</summary>
    public async Task<string> StartAsync(string method, params object?[] arguments)
    {
        string id = $"{Interlocked.Increment(ref _invocations)}";
        _waiting[id] = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(JsonSerializer.Serialize(new { type = 1, invocationId = id, target = method, arguments }));
        return id;
    }

    /// <summary>Sends a record that was made by hand and waits for the answer to its invocation.</summary>
    public async Task<string?> AnswerToAsync(string invocation, string record)
    {
        TaskCompletionSource<string?> answer = _waiting[invocation] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await SendAsync(record);
        return await answer.Task.WaitAsync(Patience);
    }

    /// <summary>The next frame.</summary>
    public async Task<HubCall> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>The next frame; fails where it is of another kind.</summary>
    public async Task<JsonElement> NextAsync(string target)
    {
        HubCall call = await NextAsync();
        Assert.Equal(target, call.Target);
        return call.Argument;
    }

    /// <summary>Sends a record of the protocol.</summary>
    public Task SendAsync(string record) => SendRawAsync(record + RecordSeparator);

    public Task SendRawAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _socket.Dispose();
        _invoker?.Dispose();
        _stop.Dispose();
    }

    private async Task OpenAsync(Uri server, string? ticket, bool reads, (string Name, string Value)[] headers)
    {
        foreach ((string name, string value) in headers)
        {
            _socket.Options.SetRequestHeader(name, value);
        }

        _invoker = new HttpMessageInvoker(new SocketsHttpHandler { ConnectCallback = (context, cancellation) => DialAsync(context, reads, cancellation) });
        string query = ticket is null ? "" : $"?access_token={ticket}";
        await _socket.ConnectAsync(new Uri($"ws://{server.Authority}/hubs/pulse{query}"), _invoker, CancellationToken.None);
    }

    private static async ValueTask<Stream> DialAsync(SocketsHttpConnectionContext context, bool reads, CancellationToken cancellation)
    {
        const int SmallBuffer = 4096;
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (!reads)
        {
            socket.ReceiveBufferSize = SmallBuffer;
        }

        await socket.ConnectAsync(context.DnsEndPoint, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task ReadAllAsync()
    {
        try
        {
            while (await ReceiveRecordAsync() is { } record)
            {
                Take(JsonDocument.Parse(record).RootElement);
            }
        }
        catch (Exception fault) when (fault is WebSocketException or OperationCanceledException)
        {
            CloseError ??= fault.Message;
        }

        _ended.TrySetResult();
        _calls.Writer.TryComplete();
    }

    private void Take(JsonElement message)
    {
        const int Invocation = 1;
        const int Completion = 3;
        const int Close = 7;
        const int Handshake = 0;
        switch (message.TryGetProperty("type", out JsonElement type) ? type.GetInt32() : Handshake)
        {
            case Invocation:
                _calls.Writer.TryWrite(new HubCall(message.GetProperty("target").GetString()!, message.GetProperty("arguments")[0]));
                break;
            case Completion:
                _waiting[message.GetProperty("invocationId").GetString()!]
                    .SetResult(message.TryGetProperty("error", out JsonElement error) ? error.GetString() : null);
                break;
            case Handshake or Close:
                CloseError = message.TryGetProperty("error", out JsonElement reason) ? reason.GetString() : null;
                break;
        }
    }

    // Every byte is looked at once: records of a megabyte come in many pieces.
    private async Task<string?> ReceiveRecordAsync()
    {
        int seen = 0;
        while (true)
        {
            Span<byte> received = _received.GetBuffer().AsSpan(0, (int)_received.Length);
            int end = received[seen..].IndexOf((byte)RecordSeparator);
            if (end >= 0)
            {
                string record = Encoding.UTF8.GetString(received[..(seen + end)]);
                byte[] rest = received[(seen + end + 1)..].ToArray();
                _received.SetLength(0);
                _received.Write(rest);
                return record;
            }

            seen = received.Length;
            ValueWebSocketReceiveResult piece = await _socket.ReceiveAsync(_buffer.AsMemory(), _stop.Token);
            if (piece.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            _received.Write(_buffer, 0, piece.Count);
        }
    }
}

/// <summary>A call of the server to its client.</summary>
internal sealed record HubCall(string Target, JsonElement Argument);
