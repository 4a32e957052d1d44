using System.Text;
using Decisioning.Core.Consumers;

namespace Decisioning.Engine.Tests.Residency;

/// <summary>States of consumers who have only an id and a place in the journal.</summary>
internal static class PackedStates
{
    public static ConsumerState State(string id, long position)
    {
        ConsumerState state = new();
        state.Reset(Encoding.UTF8.GetBytes(id));
        state.Sequence = (uint)position;
        state.Position = position;
        return state;
    }

    public static byte[] Packed(string id, long position)
    {
        ConsumerState state = State(id, position);
        byte[] packed = new byte[ConsumerCodec.SizeOf(state)];
        ConsumerCodec.Write(state, packed);
        return packed;
    }
}
