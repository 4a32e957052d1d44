using Decisioning.Engine.Storage;

namespace Decisioning.Lab.Export;

/// <summary>Makes lines of journal records, which it is given in the order of the journal, consumers of one part after those of another.</summary>
internal interface IExporter
{
    /// <summary>Whether records of different consumers have to be kept in memory: then consumers are given part by part.</summary>
    bool NeedsParts { get; }

    /// <exception cref="InvalidDataException">The payload cannot be read.</exception>
    void Add(in TurnRecord record, JsonLinesWriter lines);

    /// <summary>A part of the consumers has been given.</summary>
    void EndPart(JsonLinesWriter lines);
}
