using System.Buffers;
using Microsoft.AspNetCore.SignalR;

namespace Decisioning.Api.Watch;

/// <summary>Makes the messages that go to watchers: a call of the JSON hub protocol with one argument, as bytes that any number of connections share.</summary>
internal static class HubFrame
{
    private const string Protocol = "json";
    private const byte RecordSeparator = 0x1E;

    /// <summary>Makes a message.</summary>
    /// <param name="target">What the client is called by; ASCII.</param>
    /// <param name="state">What the argument is written from.</param>
    /// <param name="expected">Bytes that the argument takes, roughly.</param>
    /// <param name="write">Writes the argument as JSON; false: there is no such message.</param>
    public static SerializedHubMessage? TryMake<T>(string target, T state, int expected, Func<IBufferWriter<byte>, T, bool> write)
    {
        ArrayBufferWriter<byte> text = new(expected + 256);
        text.Write("{\"type\":1,\"target\":\""u8);
        text.Write(System.Text.Encoding.ASCII.GetBytes(target));
        text.Write("\",\"arguments\":["u8);
        if (!write(text, state))
        {
            return null;
        }

        text.Write("]}"u8);
        text.Write([RecordSeparator]);
        return new SerializedHubMessage([new SerializedMessage(Protocol, text.WrittenMemory)]);
    }

    /// <summary>Makes a message whose argument can always be written.</summary>
    public static SerializedHubMessage Make<T>(string target, T state, int expected, Action<IBufferWriter<byte>, T> write) =>
        TryMake(target, (state, write), expected, static (output, s) =>
        {
            s.write(output, s.state);
            return true;
        })!;
}
