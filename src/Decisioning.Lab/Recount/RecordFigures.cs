using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;
using Decisioning.Core.Decide;
using Decisioning.Core.Record;
using Decisioning.Core.Record.Facts;
using Decisioning.Engine.Storage;

namespace Decisioning.Lab.Recount;

/// <summary>Adds up what each record says by itself: requests, wins, empty slots, interactions by kind, spend, refunds.</summary>
internal sealed class RecordFigures(FigureSums sums)
{
    private readonly Dictionary<(int Brand, ushort Mark), string> _channels = [];

    /// <summary>Names of channels by their mark; a mark that two names share is other's.</summary>
    public IReadOnlyDictionary<(int Brand, ushort Mark), string> Channels => _channels;

    /// <summary>Takes in a record, in the order of the journal.</summary>
    /// <exception cref="InvalidDataException">The payload cannot be read.</exception>
    public void Add(in TurnRecord record)
    {
        long at = record.Head.Instant;
        if (record.Head.Kind is TurnKind.Turn or TurnKind.Contextual)
        {
            PayloadReader.Read(record.Payload.Span, (e, charge) => Add(e, charge, at), (decision, reply) => Add(decision, reply, at));
        }

        AddFacts(TurnFacts.Of(record.Payload.Span), at);
    }

    private void Add(in ConsumerEvent e, in Charge charge, long at)
    {
        sums.AddBrand(e.Brand, FigureNames.Events, 1);
        sums.AddHour(e.Brand, at, FigureNames.Events, 1);
        if (e.Type == EventType.Refund)
        {
            sums.AddHour(e.Brand, at, FigureNames.Refunds, e.Value);
            sums.AddBrand(e.Brand, FigureNames.Revenue, -e.Value);
        }

        if (e.Type <= EventType.Dismiss && !e.Ad.Elsewhere)
        {
            var of = new Delivered(e.Brand, e.Ad.Campaign, e.Ad.Step, e.Ad.Creative, e.Ad.ChannelMark);
            Spent(of, charge.AmountMicros, at);
            if (FigureNames.Of(e.Type) is { } kind)
            {
                sums.AddDelivery(of, kind, 1);
                sums.AddHour(e.Brand, at, kind, 1);
            }
        }
    }

    private void Add(RecordedTurnDecision decision, RecordedReply reply, long at)
    {
        int slots = decision.Request.Placements.Sum(p => p.Count);
        foreach (int brand in decision.Request.Brands)
        {
            sums.AddHour(brand, at, FigureNames.Requests, slots);
            for (int p = 0; p < reply.Placements.Length; p++)
            {
                if (reply.Placements[p].NoDecision is { } none)
                {
                    int empty = decision.Request.Placements[p].Count - reply.Placements[p].Decisions.Length;
                    string name = FigureNames.NoDecision(NoDecisionReasons.Of(none.Reason));
                    sums.AddBrand(brand, name, empty);
                    sums.AddHour(brand, at, name, empty);
                }
            }
        }

        foreach (RecordedDraw draw in decision.Draws)
        {
            Add(draw, decision.Request.Placements[draw.Placement].Channel, at);
        }
    }

    private void Add(in RecordedDraw draw, string? channel, long at)
    {
        RecordedDecision drawn = draw.Decision;
        if (draw.Ghost)
        {
            sums.Add(new Figure(drawn.Brand, FigureScope.Campaign, drawn.Campaign, FigureNames.Ghosts), 1);
            sums.AddHour(drawn.Brand, at, FigureNames.Ghosts, 1);
            return;
        }

        var of = new Delivered(drawn.Brand, drawn.Campaign, drawn.Step, drawn.Creative, drawn.ChannelMark);
        Name(drawn.Brand, drawn.ChannelMark, channel);
        sums.AddBrand(drawn.Brand, FigureNames.Decisions, 1);
        sums.AddHour(drawn.Brand, at, FigureNames.Won, 1);
        sums.AddDelivery(of, FigureNames.Won, 1);
        Spent(of, draw.ChargedMicros, at);
        if (drawn.Contextual && drawn.ReserveSeconds == 0)
        {
            sums.AddDelivery(of, FigureNames.Rendered, 1);
            sums.AddHour(drawn.Brand, at, FigureNames.Rendered, 1);
        }
    }

    private void Spent(in Delivered of, long micros, long at)
    {
        sums.AddBrand(of.Brand, FigureNames.Spend, micros);
        sums.AddHour(of.Brand, at, FigureNames.Spend, micros);
        sums.AddDelivery(of, FigureNames.Spend, micros);
    }

    private void Name(int brand, ushort mark, string? channel)
    {
        if (mark != ChannelMark.None && channel is not null && !_channels.TryAdd((brand, mark), channel) && _channels[(brand, mark)] != channel)
        {
            _channels[(brand, mark)] = BookBounds.OtherChannel;
        }
    }

    /// <summary>
    /// What only recorded facts tell: how far campaigns came (that took the budgets of the moment), which touches came too late (by evidence that is no more), and
    /// the flows, whose causes and instants are those of the turns. Flows are held against the rules elsewhere (<see cref="ConsumerBook.Shifts"/>).
    /// </summary>
    private void AddFacts(FactReader facts, long at)
    {
        while (facts.MoveNext())
        {
            ref readonly Fact fact = ref facts.Current;
            switch (fact.Kind)
            {
                case FactKind.Funnel:
                    AddFunnel(fact);
                    break;
                case FactKind.LateTouch:
                    sums.AddHour(fact.Brand, at, FigureNames.LateTouches, 1);
                    break;
                case FactKind.Stage when fact.Cause == StageCause.Import:
                    AddFlow(fact.Brand, at, fact.Has(FactFlags.Enters) ? null : (FlowEnd)fact.From, FlowEnd.Imported);
                    AddFlow(fact.Brand, at, FlowEnd.Imported, (FlowEnd)fact.To);
                    break;
                case FactKind.Stage:
                    AddFlow(fact.Brand, at, (FlowEnd)fact.From, (FlowEnd)fact.To);
                    break;
                case FactKind.Erased:
                    AddFlow(fact.Brand, at, (FlowEnd)fact.From, FlowEnd.Erased);
                    break;
            }
        }
    }

    private void AddFlow(int brand, long at, FlowEnd? from, FlowEnd to)
    {
        if (from is { } left)
        {
            sums.AddHour(brand, at, FigureNames.Flow(left, to), 1);
        }
    }

    private void AddFunnel(scoped in Fact run)
    {
        for (int i = 0; i < run.Count; i++)
        {
            for (int reach = 0; reach <= (int)run.Reach; reach++)
            {
                sums.Add(new Figure(run.Brand, FigureScope.Campaign, run.Campaign + i, FigureNames.Funnel[reach]), 1);
            }
        }
    }
}
