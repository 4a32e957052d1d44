namespace Decisioning.Engine.Storage.States;

/// <summary>The order that batches are written in: keys as signed numbers, ascending, so that each page of the table is touched once.</summary>
internal static class StateOrder
{
    /// <exception cref="ArgumentException">A key does not come after the one before it.</exception>
    public static void Check(IReadOnlyList<KeyValuePair<ulong, ReadOnlyMemory<byte>>> states)
    {
        for (int i = 1; i < states.Count; i++)
        {
            if ((long)states[i].Key <= (long)states[i - 1].Key)
            {
                throw new ArgumentException($"Key {(long)states[i].Key} at {i} does not come after {(long)states[i - 1].Key}", nameof(states));
            }
        }
    }
}
