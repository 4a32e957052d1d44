using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Storage;

namespace Decisioning.Lab.Recount;

/// <summary>An event as the journal has it.</summary>
/// <param name="At">Instant of its turn.</param>
/// <param name="Imported">It came as history: evidence like any other, but nothing else.</param>
internal readonly record struct BookedEvent(ConsumerEvent Event, long At, bool Imported = false);

/// <summary>A draw as the journal has it.</summary>
/// <param name="At">Instant of its turn.</param>
internal readonly record struct BookedDraw(RecordedDraw Draw, long At);

/// <summary>One thing of a turn, in the order of the journal.</summary>
/// <param name="IsDraw">Of <see cref="ConsumerBook.Draws"/>; else of <see cref="ConsumerBook.Events"/>.</param>
/// <param name="Index">Which one.</param>
internal readonly record struct BookedStep(bool IsDraw, int Index);

/// <summary>How much of a book had come by the end of a turn.</summary>
internal readonly record struct BookedEnd(int Events, int Draws, int Shifts);

/// <summary>A change of stage as the journal has it.</summary>
/// <param name="At">Instant of its turn.</param>
/// <param name="Exact">Instant of the change itself, at or before it.</param>
/// <param name="Enters">The consumer enters the brand's books by it.</param>
/// <param name="EventsSoFar">Events of the consumer up to the end of that turn.</param>
internal readonly record struct BookedShift(int Brand, long At, long Exact, DeeplinkStage From, DeeplinkStage To, StageCause Cause, bool Enters, int EventsSoFar);

/// <summary>Everything the journal says of one consumer, record after record, and what is wrong with the records themselves.</summary>
internal sealed class ConsumerBook(ulong key)
{
    public ulong Key => key;

    /// <summary>The consumer's id; for a mark of a contextual decision what stands in its place.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Contextual decisions have no consumer: their interactions are kept under a mark, whose id no consumer can have.</summary>
    public bool IsMark => Id.StartsWith("\u0001ctx:", StringComparison.Ordinal);

    public List<long> Positions { get; } = [];

    public List<BookedEvent> Events { get; } = [];

    public List<BookedDraw> Draws { get; } = [];

    /// <summary>Events and draws in the order in which they came.</summary>
    public List<BookedStep> Steps { get; } = [];

    /// <summary>Every change of stage that was published.</summary>
    public List<BookedShift> Shifts { get; } = [];

    /// <summary>The ends of its turns, by the same index as <see cref="Positions"/>.</summary>
    public List<BookedEnd> Ends { get; } = [];

    /// <summary>What contradicts itself within the journal.</summary>
    public List<string> Faults { get; } = [];

    public uint FirstSequence { get; private set; }

    public uint LastSequence { get; private set; }

    /// <summary>Position of the record before the first one in the journal; 0: the consumer begins here.</summary>
    public long FirstPrevious { get; private set; }

    public long LastInstant { get; private set; }

    /// <summary>Whether the journal holds the consumer from the first turn on.</summary>
    public bool IsWhole => FirstSequence == 1;

    /// <summary>Takes in the consumer's next record.</summary>
    /// <exception cref="InvalidDataException">The payload cannot be read.</exception>
    public void Add(in TurnRecord record)
    {
        CheckChain(record);
        LastSequence = record.Head.Sequence;
        LastInstant = record.Head.Instant;
        Positions.Add(record.Position);
        long at = record.Head.Instant;
        PayloadReader.Read(
            record.Payload.Span,
            (e, _) => Add(new BookedEvent(e, at)),
            (decision, _) => Add(decision, at),
            e => Add(new BookedEvent(e, at, Imported: true)));
        AddShifts(TurnFacts.Of(record.Payload.Span), at);
        Ends.Add(new BookedEnd(Events.Count, Draws.Count, Shifts.Count));
    }

    /// <summary>Whether the consumer had a record with a brand by the end of a turn.</summary>
    public bool IsKnownTo(int brand, BookedEnd end) =>
        Events.Take(end.Events).Any(e => e.Event.Brand == brand)
        || Draws.Take(end.Draws).Any(d => !d.Draw.Ghost && !d.Draw.Decision.Contextual && d.Draw.Decision.Brand == brand);

    /// <summary>Whether there are more orders with a brand than are kept: which were let go of depends on the order they came in.</summary>
    public bool IsCrowded(int brand) =>
        Events.Where(b => b.Event.Brand == brand && b.Event.OrderId is not null).Select(b => b.Event.OrderId).Distinct().Count() > RecountRules.Orders;

    private void Add(in BookedEvent booked)
    {
        Steps.Add(new BookedStep(false, Events.Count));
        Events.Add(booked);
    }

    private void Add(RecordedTurnDecision decision, long at)
    {
        foreach (RecordedDraw draw in decision.Draws)
        {
            Steps.Add(new BookedStep(true, Draws.Count));
            Draws.Add(new BookedDraw(draw, at));
        }
    }

    private void AddShifts(FactReader facts, long at)
    {
        while (facts.MoveNext())
        {
            ref readonly Fact fact = ref facts.Current;
            if (fact.Kind == FactKind.Stage)
            {
                Shifts.Add(new BookedShift(fact.Brand, at, fact.At, fact.From, fact.To, fact.Cause, fact.Has(FactFlags.Enters), Events.Count));
            }
        }
    }

    private void CheckChain(in TurnRecord record)
    {
        TurnHead head = record.Head;
        if (Positions.Count == 0)
        {
            Id = Encoding.UTF8.GetString(Turn.ConsumerIdOf(record.Payload.Span));
            FirstSequence = head.Sequence;
            FirstPrevious = head.Previous;
            if (head.Sequence == 1 != (head.Previous == 0))
            {
                Faults.Add($"its first record is turn {head.Sequence} and says that position {head.Previous} is before it");
            }

            return;
        }

        if (head.Sequence != LastSequence + 1 || head.Previous != Positions[^1])
        {
            Faults.Add($"turn {head.Sequence} at {record.Position} (after {head.Previous}) follows turn {LastSequence} at {Positions[^1]}: a record is missing or there twice");
        }

        if (head.Instant < LastInstant)
        {
            Faults.Add($"turn {head.Sequence} lies {LastInstant - head.Instant} ms before the turn ahead of it");
        }
    }
}
