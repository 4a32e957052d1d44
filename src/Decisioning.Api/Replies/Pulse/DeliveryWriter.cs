using System.Globalization;
using System.Text.Json;
using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;

namespace Decisioning.Api.Replies.Pulse;

/// <summary>Writes what became of what was delivered, by campaign, creative, step and channel.</summary>
internal static class DeliveryWriter
{
    public static void WriteCampaign(Utf8JsonWriter json, CampaignDelivery campaign)
    {
        json.WriteString("id", campaign.Id);
        json.WriteBoolean("active", campaign.Active);
        json.WriteBoolean("paused", campaign.Paused);
        json.WriteStartObject("funnel");
        json.WriteNumber("requests", campaign.Funnel.Requests);
        json.WriteNumber("targeted", campaign.Funnel.Targeted);
        json.WriteNumber("stepped", campaign.Funnel.Stepped);
        json.WriteNumber("uncapped", campaign.Funnel.Uncapped);
        json.WriteNumber("paced", campaign.Funnel.Paced);
        json.WriteEndObject();
        WriteDelivery(json, campaign.Delivery);
        json.WriteNumber("ghosts", campaign.Ghosts);
        json.WriteNumber("exposed", campaign.Exposed);
        json.WriteNumber("spendTodayMicros", campaign.SpendTodayMicros);
        json.WriteNumber("feeMicros", campaign.FeeMicros);
        json.WriteNumber("heldMicros", campaign.HeldMicros);
        json.WriteOptional("plannedMicros", campaign.PlannedMicros);
        json.WriteOptional("totalBudgetMicros", campaign.TotalBudgetMicros);
        json.WriteOptional("dailyBudgetMicros", campaign.DailyBudgetMicros);
        WriteGoal(json, campaign.Goal);
        WriteTrial(json, campaign.Trial);
    }

    public static void WriteCreative(Utf8JsonWriter json, CreativeDelivery creative)
    {
        json.WriteString("id", creative.Id);
        json.WriteBoolean("paused", creative.Paused);
        WriteDelivery(json, creative.Delivery);
    }

    public static void WriteStep(Utf8JsonWriter json, StepDelivery step)
    {
        json.WriteString("storyline", step.Storyline);
        json.WriteString("id", step.Id);
        json.WriteNumber("index", step.Index);
        json.WriteNumber("reached", step.Reached);
        WriteDelivery(json, step.Delivery);
    }

    public static void WriteChannel(Utf8JsonWriter json, ChannelDelivery channel)
    {
        json.WriteString("id", channel.Id);
        WriteDelivery(json, channel.Delivery);
    }

    private static void WriteDelivery(Utf8JsonWriter json, in Delivery delivery)
    {
        json.WriteNumber("won", delivery.Won);
        json.WriteNumber("rendered", delivery.Rendered);
        json.WriteNumber("late", delivery.Late);
        json.WriteNumber("viewable", delivery.Viewable);
        json.WriteNumber("watched", delivery.Watched);
        json.WriteNumber("skips", delivery.Skips);
        json.WriteNumber("clicks", delivery.Clicks);
        json.WriteNumber("engagements", delivery.Engagements);
        json.WriteNumber("dismissals", delivery.Dismissals);
        json.WriteMillionths("conversions", delivery.ConversionsMicros);
        json.WriteNumber("revenueMicros", delivery.RevenueMicros);
        json.WriteMillionths("credits", delivery.CreditsMicros);
        json.WriteNumber("spendMicros", delivery.SpendMicros);
    }

    private static void WriteGoal(Utf8JsonWriter json, CampaignGoalProgress? goal)
    {
        if (goal is null)
        {
            json.WriteNull("goal");
            return;
        }

        json.WriteStartObject("goal");
        json.WriteString("date", goal.Date?.ToString("O", CultureInfo.InvariantCulture));
        json.WriteStartArray("stages");
        foreach (StageGoal stage in goal.Stages)
        {
            json.WriteStartObject();
            json.WriteString("stage", Names.Of(stage.Stage));
            json.WriteNumber("wanted", stage.Wanted);
            json.WriteNumber("reached", stage.Reached);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTrial(Utf8JsonWriter json, CampaignTrial? trial)
    {
        if (trial is null)
        {
            json.WriteNull("trial");
            return;
        }

        json.WriteStartObject("trial");
        WriteArm("shown", trial.Shown);
        WriteArm("heldOut", trial.HeldOut);
        json.WriteOptional("incrementPerThousand", trial.IncrementPerThousand);
        json.WriteOptional("standardError", trial.StandardError);
        json.WriteEndObject();

        void WriteArm(string name, in TrialArm arm)
        {
            json.WriteStartObject(name);
            json.WriteNumber("consumers", arm.Consumers);
            json.WriteMillionths("weight", arm.WeightMicros);
            json.WriteOptional("perThousand", arm.PerThousand);
            json.WriteEndObject();
        }
    }
}
