using Decisioning.Load.Running;

namespace Decisioning.Load.Checks;

/// <summary>Counts how often something that must hold was looked at, and keeps the first few times when it did not.</summary>
/// <param name="name">What must hold, a few words.</param>
internal sealed class Finding(string name)
{
    private const int MostExamples = 5;

    private readonly List<string> _examples = [];
    private long _checked;
    private long _failed;

    public void Held() => _checked++;

    /// <param name="example">A sentence; kept for the first few.</param>
    public void Failed(string example)
    {
        _checked++;
        _failed++;
        if (_examples.Count < MostExamples)
        {
            _examples.Add(example);
        }
    }

    public CheckResult Result => new(name, _checked, _failed, [.. _examples]);
}
