namespace Decisioning.Lab.Streams;

/// <summary>One format of behaviour streams: a line is an event.</summary>
public interface IEventFormat
{
    /// <summary>Reads a line that is UTF-8.</summary>
    /// <param name="fault">Where it is null and the result too, the line holds no event.</param>
    /// <returns>Null where there is a fault, or no event.</returns>
    StreamEvent? Read(ReadOnlySpan<byte> line, long number, out LineFault? fault);
}

/// <summary>What is wrong with a line.</summary>
/// <param name="Offset">The byte it begins at, from 0.</param>
public sealed record LineFault(int Offset, string Detail);
