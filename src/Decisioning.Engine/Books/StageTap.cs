using Decisioning.Core.Catalogue;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Books;

/// <summary>Notes what the journal says of one brand's stages while a recount goes over its consumers. Used under the bookkeeper's lock.</summary>
internal sealed class StageTap(int brand)
{
    /// <summary>Changes noted at most: a recount that takes longer than these begins in vain.</summary>
    private const int Most = 4_000_000;

    private readonly List<StageNote> _notes = [];

    /// <summary>In the journal's order.</summary>
    public IReadOnlyList<StageNote> Notes => _notes;

    /// <summary>True where more happened than is noted.</summary>
    public bool IsFull { get; private set; }

    public void Take(long position, in TurnHead head, FactReader facts)
    {
        while (facts.MoveNext())
        {
            ref readonly Fact fact = ref facts.Current;
            if (fact.Brand != brand)
            {
                continue;
            }

            switch (fact.Kind)
            {
                case FactKind.Known:
                    Add(new StageNote(head.Consumer, position, null, DeeplinkStage.None));
                    break;
                case FactKind.Stage:
                    Add(new StageNote(head.Consumer, position, fact.Has(FactFlags.Enters) ? null : fact.From, fact.To));
                    break;
                case FactKind.Erased:
                    Add(new StageNote(head.Consumer, position, fact.From, null));
                    break;
            }
        }
    }

    private void Add(in StageNote note)
    {
        if (_notes.Count < Most)
        {
            _notes.Add(note);
        }
        else
        {
            IsFull = true;
        }
    }
}

/// <param name="From">Null: the consumer enters the books.</param>
/// <param name="To">Null: it leaves them.</param>
internal readonly record struct StageNote(ulong Key, long Position, DeeplinkStage? From, DeeplinkStage? To);
