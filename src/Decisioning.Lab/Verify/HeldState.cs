using System.Buffers;
using Decisioning.Core.Consumers;
using Decisioning.Core.Record;
using Decisioning.Engine.Storage;
using Decisioning.Lab.Folder;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>What the engine holds of a consumer: its stored state, and after it the journalled turns that the state does not contain yet.</summary>
internal sealed class HeldState(DataFolder folder, Erasures erasures)
{
    // Replaying draws and hashes nothing: any seed will do.
    private readonly Turn _turn = new(0);
    private readonly ArrayBufferWriter<byte> _row = new();

    public ConsumerState State => _turn.State;

    /// <summary>Loads the consumer's state as recovery would.</summary>
    /// <returns>Why it cannot be loaded; null where it was.</returns>
    public string? Load(ConsumerBook book)
    {
        if (!TryLoadRow(book.Key))
        {
            if (!book.IsWhole)
            {
                return "its state is not stored, and the journal does not hold it from the first turn on";
            }

            State.Reset(System.Text.Encoding.UTF8.GetBytes(book.Id));
        }

        if (State.Sequence > book.LastSequence)
        {
            return $"the stored state has turn {State.Sequence}, but the journal ends with turn {book.LastSequence}";
        }

        if (State.Sequence + 1 < book.FirstSequence)
        {
            return $"the stored state ends with turn {State.Sequence}, but the journal begins with turn {book.FirstSequence}";
        }

        if (State.Sequence < book.LastSequence && book.Positions[(int)(State.Sequence + 1 - book.FirstSequence)] <= folder.Store.Checkpoint)
        {
            return $"turn {State.Sequence + 1} lies before the checkpoint, but the stored state does not contain it";
        }

        return Replay(book);
    }

    /// <summary>Reads a stored state of a life that was not erased. False where there is none.</summary>
    /// <exception cref="StorageDamagedException">The row is not what was written.</exception>
    public bool TryLoadRow(ulong key)
    {
        _row.ResetWrittenCount();
        return folder.Store.TryRead(key, _row) && TryUnpack(key, _row.WrittenSpan);
    }

    /// <summary>As above, of a row already read.</summary>
    public bool TryUnpack(ulong key, ReadOnlySpan<byte> packed)
    {
        if (!ConsumerCodec.TryRead(packed, State))
        {
            throw new StorageDamagedException(SqliteStateStore.FileName, $"the state of consumer {key:x16} is not a consumer's");
        }

        return State.Position > erasures.Of(key);
    }

    private string? Replay(ConsumerBook book)
    {
        for (int i = (int)(State.Sequence + 1 - book.FirstSequence); i < book.Positions.Count; i++)
        {
            if (folder.Log.Read(book.Positions[i]) is not { } record)
            {
                return $"the record at {book.Positions[i]} cannot be found again";
            }

            _turn.Replay(book.Key, record.Head.Sequence, record.Head.Instant, record.Payload.Span, null);
            State.Position = record.Position;
        }

        return null;
    }
}
