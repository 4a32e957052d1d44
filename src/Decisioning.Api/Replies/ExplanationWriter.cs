using System.Text.Json;
using Decisioning.Core.Decide;

namespace Decisioning.Api.Replies;

/// <summary>Writes why each candidate was chosen, could have been, or was removed.</summary>
internal static class ExplanationWriter
{
    public static void Write(Utf8JsonWriter json, Explanation explanation)
    {
        json.WriteStartObject("explanation");
        json.WriteStartArray("placements");
        foreach (PlacementExplanation placement in explanation.Placements)
        {
            json.WriteStartObject();
            json.WriteString("id", placement.PlacementId);
            json.WriteStartArray("candidates");
            foreach (CandidateExplanation candidate in placement.Candidates)
            {
                WriteCandidate(json, candidate);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteCandidate(Utf8JsonWriter json, CandidateExplanation candidate)
    {
        json.WriteStartObject();
        json.WriteNumber("slot", candidate.Slot);
        json.WriteString("brand", candidate.Brand);
        json.WriteString("campaign", candidate.Campaign);
        json.WriteString("storyline", candidate.Storyline);
        json.WriteString("step", candidate.Step);
        json.WriteString("creative", candidate.Creative);
        json.WriteString("removedBy", candidate.RemovedBy is { } reason ? NoDecisionReasons.Of(reason) : null);
        json.WriteString("detail", candidate.Detail);
        json.WriteInstant("eligibleAt", candidate.EligibleAt);
        json.WriteOptional("score", candidate.Score);
        json.WriteOptional("probability", candidate.Probability);
        json.WriteBoolean("chosen", candidate.Chosen);
        json.WriteEndObject();
    }
}
