using Decisioning.Core.Consumers;
using Decisioning.Core.Record.Facts;

namespace Decisioning.Cluster.Storage;

/// <summary>Walks the payloads of one row (<see cref="TurnRow.Payloads"/>), in the order of their turns.</summary>
public ref struct RowPayloads(ReadOnlySpan<byte> payloads)
{
    private ByteReader _rest = new(payloads);

    /// <summary>The payload that <see cref="MoveNext"/> came to.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <exception cref="InvalidDataException">The bytes are not those of a row.</exception>
    public bool MoveNext()
    {
        if (_rest.AtEnd)
        {
            return false;
        }

        Current = _rest.Bytes();
        return !_rest.Failed ? true : throw new InvalidDataException("The payloads of a row are cut short.");
    }

    public readonly RowPayloads GetEnumerator() => this;

    /// <summary>The same row with nothing in its payloads but their facts, which name nobody.</summary>
    public static byte[] FactsOf(ReadOnlySpan<byte> payloads)
    {
        var row = new ByteWriter();
        var facts = new ByteWriter();
        foreach (ReadOnlySpan<byte> payload in new RowPayloads(payloads))
        {
            facts.Clear();
            if (!payload.IsEmpty)
            {
                TurnFacts.CopyFacts(payload, facts);
            }

            row.Bytes(facts.Written);
        }

        return row.Written.ToArray();
    }
}
