using Decisioning.Core.Consumers;

namespace Decisioning.Core.Record;

/// <summary>What is wrong with one event: the code of the first fault that was found, and a sentence for each.</summary>
internal struct EventFaults
{
    private string? _code;
    private string? _detail;

    public void Add(string code, string sentence)
    {
        _code ??= code;
        _detail = _detail is null ? sentence : $"{_detail} {sentence}";
    }

    /// <summary>The refusal of the event; null where nothing is wrong with it.</summary>
    public readonly EventResult? Of(EventCommand command) => _code is null ? null : EventRules.Rejected(command, _code, _detail!);
}
