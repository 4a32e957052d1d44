namespace Decisioning.Engine.Storage.Journal;

/// <summary>
/// Blocks after their commit: the newest, kept in memory for the journal's follower, and spare ones to be used again. Both are bounded in bytes; what does not
/// fit is left to the garbage collector, and the follower reads it from disk. Used under the queue's lock.
/// </summary>
internal sealed class CommittedBlocks
{
    /// <summary>Most bytes kept for the follower: at 30 MB of journal a second, half a second.</summary>
    public const long KeptBytes = 16L << 20;

    /// <summary>Most bytes in spare blocks.</summary>
    public const long SpareBytes = 16L << 20;

    private readonly Queue<(long Before, JournalBlock Block)> _kept = new();
    private readonly Stack<JournalBlock> _spare = new();
    private long _keptBytes;
    private long _spareBytes;
    private bool _followed;

    /// <summary>Takes in a block that was committed.</summary>
    /// <param name="before">The last position before the block's first.</param>
    public void Add(long before, JournalBlock block)
    {
        if (!_followed)
        {
            Spare(block);
            return;
        }

        _kept.Enqueue((before, block));
        _keptBytes += block.HeldBytes;
        while (_keptBytes > KeptBytes)
        {
            Spare(Dequeue());
        }
    }

    /// <summary>The block that goes on after a position, now the follower's until it is given to <see cref="Spare"/>; null where it is not kept.</summary>
    public JournalBlock? TryTake(long position)
    {
        _followed = true;
        while (_kept.TryPeek(out (long Before, JournalBlock Block) first))
        {
            if (first.Before > position)
            {
                return null;
            }

            JournalBlock block = Dequeue();
            if (block.LastPosition > position)
            {
                return block;
            }

            Spare(block);
        }

        return null;
    }

    public void Spare(JournalBlock block)
    {
        if (_spareBytes + block.HeldBytes <= SpareBytes)
        {
            _spareBytes += block.HeldBytes;
            _spare.Push(block);
        }
    }

    /// <summary>An empty block with the number.</summary>
    public JournalBlock Open(long number)
    {
        if (!_spare.TryPop(out JournalBlock? block))
        {
            return new JournalBlock(number);
        }

        _spareBytes -= block.HeldBytes;
        block.Restart(number);
        return block;
    }

    private JournalBlock Dequeue()
    {
        JournalBlock block = _kept.Dequeue().Block;
        _keptBytes -= block.HeldBytes;
        return block;
    }
}
