namespace Decisioning.Lab.Streams;

/// <summary>A file holds data that cannot be read; nothing of it was used.</summary>
/// <param name="faults">The first of them, in the order of lines.</param>
/// <param name="total">How many there are in all.</param>
public sealed class BadDataException(IReadOnlyList<DataFault> faults, long total) : LabFailureException(faults[0].ToString())
{
    /// <summary>Most faults that are told one by one.</summary>
    public const int Told = 20;

    public IReadOnlyList<DataFault> Faults => faults;

    public long Total => total;

    /// <summary>Writes a line a fault, and how many more there are.</summary>
    public void WriteTo(TextWriter error)
    {
        foreach (DataFault fault in faults)
        {
            error.WriteLine(fault);
        }

        if (total > faults.Count)
        {
            error.WriteLine($"{faults[0].File}: {total - faults.Count} more faults.");
        }
    }
}
