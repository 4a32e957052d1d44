using System.Buffers;
using Decisioning.Engine.Storage.Sqlite;

namespace Decisioning.Engine.Storage.States;

/// <summary>
/// Connections for reading single states from many threads: each with its statement prepared and its lock. A thread takes the first free one, beginning at its
/// own; where all are taken it waits for its own, which is a matter of microseconds.
/// </summary>
internal sealed class ConsumerReaders : IDisposable
{
    private readonly Reader[] _readers;

    public ConsumerReaders(int count, Func<SqliteDatabase> open) => _readers = [.. Enumerable.Range(0, count).Select(_ => new Reader(open()))];

    public bool TryRead(long key, IBufferWriter<byte> into)
    {
        int own = Environment.CurrentManagedThreadId % _readers.Length;
        for (int i = 0; i < _readers.Length; i++)
        {
            Reader reader = _readers[(own + i) % _readers.Length];
            if (Monitor.TryEnter(reader))
            {
                try
                {
                    return reader.TryRead(key, into);
                }
                finally
                {
                    Monitor.Exit(reader);
                }
            }
        }

        lock (_readers[own])
        {
            return _readers[own].TryRead(key, into);
        }
    }

    public void LeaveWalOnClose()
    {
        foreach (Reader reader in _readers)
        {
            lock (reader)
            {
                reader.LeaveWalOnClose();
            }
        }
    }

    public void Dispose()
    {
        foreach (Reader reader in _readers)
        {
            lock (reader)
            {
                reader.Dispose();
            }
        }
    }

    private sealed class Reader(SqliteDatabase database) : IDisposable
    {
        private readonly SqliteStatement _state = database.Prepare("SELECT state FROM consumers WHERE key = ?");
        private bool _closed;

        public bool TryRead(long key, IBufferWriter<byte> into)
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(IStateStore));
            _state.Bind(1, key);
            if (!_state.Step())
            {
                return false;
            }

            try
            {
                into.Write(CheckedForm.Read(_state.Blob(0), key, database.Path));
                return true;
            }
            finally
            {
                _state.Reset();
            }
        }

        public void LeaveWalOnClose() => database.LeaveWalOnClose();

        public void Dispose()
        {
            _closed = true;
            _state.Dispose();
            database.Dispose();
        }
    }
}
