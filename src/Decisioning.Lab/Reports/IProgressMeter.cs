namespace Decisioning.Lab.Reports;

/// <summary>Told how far a piece of work is. Safe to call from several threads.</summary>
public interface IProgressMeter
{
    /// <summary>A new part of the work begins.</summary>
    /// <param name="total">In the unit of <see cref="Advance"/>.</param>
    void Begin(string title, long total);

    void Advance(long by);
}
