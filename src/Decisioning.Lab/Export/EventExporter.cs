using Decisioning.Core.Catalogue;
using Decisioning.Core.Record;
using Decisioning.Engine.Storage;

namespace Decisioning.Lab.Export;

/// <summary>A line for each recorded event, tracker calls included, in the form that <c>replay --format jsonl</c> reads, with what the engine made of it.</summary>
internal sealed class EventExporter(ExportSource source) : IExporter
{
    public bool NeedsParts => false;

    public void Add(in TurnRecord record, JsonLinesWriter lines)
    {
        string? consumer = ExportSource.ConsumerOf(record);
        PayloadReader.Read(record.Payload.Span, (e, charge) => Write(lines, consumer, e, charge), (_, _) => { });
    }

    public void EndPart(JsonLinesWriter lines)
    {
    }

    private void Write(JsonLinesWriter lines, string? consumer, in ConsumerEvent e, in Charge charge)
    {
        bool money = e.Type is EventType.Purchase or EventType.Deposit or EventType.Refund || e.Value > 0;
        lines.Begin();
        lines.Text("eventId", e.EventId);
        lines.Text("type", Names.Of(e.Type));
        lines.Text("consumerId", consumer);
        lines.Text("brand", source.BrandOf(e.Brand));
        lines.Instant("occurredAt", e.OccurredAt);
        lines.Instant("receivedAt", e.ReceivedAt);
        lines.Text("item", e.Item);
        lines.Number("value", money ? e.Value : null);
        lines.Text("currency", money ? source.CurrencyOf(e.Brand) : null);
        lines.Text("channel", e.Channel);
        lines.Number("rating", e.Rating > 0 ? e.Rating : null);
        lines.Text("orderId", e.OrderId);
        if (e.Type <= EventType.Dismiss)
        {
            WriteAd(lines, e, charge);
        }

        lines.End();
    }

    private void WriteAd(JsonLinesWriter lines, in ConsumerEvent e, in Charge charge)
    {
        lines.Text("campaign", source.CampaignOf(e.Brand, e.Ad.Campaign));
        lines.Text("storyline", source.StorylineOf(e.Brand, e.Ad.Step));
        lines.Text("step", source.StepOf(e.Brand, e.Ad.Step));
        lines.Text("creative", source.CreativeOf(e.Brand, e.Ad.Creative));
        lines.Truth("elsewhere", e.Ad.Elsewhere);
        lines.Instant("decidedAt", e.Ad.Elsewhere ? null : e.Ad.DecidedAt);
        lines.Number("ordinal", e.Ad.Elsewhere ? null : (long)e.Ad.Ordinal);
        lines.Number("chargedMicros", charge.AmountMicros);
    }
}
