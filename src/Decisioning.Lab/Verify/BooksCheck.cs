using Decisioning.Core.Aggregate;
using Decisioning.Core.Catalogue;
using Decisioning.Lab.Folder;
using Decisioning.Lab.Recount;

namespace Decisioning.Lab.Verify;

/// <summary>
/// Compares the books that the engine holds with what the journal adds up to. Where its beginning was trimmed, or records of erased consumers were scrubbed, books go on
/// counting what is no longer there: then sums can only be greater than what is left, and figures that take whole consumers are not compared. Brands that were deleted keep their books.
/// </summary>
/// <param name="newest">Instant of the newest record that is in the stored books; 0: there is none.</param>
internal sealed class BooksCheck(DataFolder folder, JournalSurvey survey, RulesHistory rules, StageCheck stages, long newest, VerifyReport report)
{
    /// <summary>Days of the intent index and of times spent in stages.</summary>
    private const int WindowDays = 28;

    /// <summary>Days for which hourly rows are kept.</summary>
    private const int KeptDays = 800;

    /// <summary>The first instant of the window that ends with the day (UTC) of an instant.</summary>
    public static long WindowStart(long asOf) => (asOf / RecountRules.Day - WindowDays + 1) * RecountRules.Day;

    public void Run(HeldBooks held, FigureTelling recounted, ConsumerFigures consumers, PowersRecount powers)
    {
        foreach (BrandSnapshot brand in folder.Known.Brands)
        {
            try
            {
                Check(brand, held, recounted.Of(brand), consumers);
                PowersCheck.Run(
                    WhereOf(brand), held.Of(brand.Symbol).Powers, powers.Of(brand.Symbol), whole: !survey.Trimmed && !survey.AnyScrubbed,
                    at => rules.Since(brand.Symbol) <= at, report);
            }
            catch (InvalidDataException unreadable)
            {
                report.Add(new Mismatch(WhereOf(brand), unreadable.Message));
            }
        }
    }

    private void Check(BrandSnapshot brand, HeldBooks held, Dictionary<ToldFigure, long> recounted, ConsumerFigures consumers)
    {
        bool crowded = consumers.Crowded.Contains(brand.Symbol);
        SortedDictionary<long, HourRow> rows = held.RowsOf(brand.Symbol);
        BrandPulse pulse = held.Of(brand.Symbol).TakePulse(brand, new PulseInputs
        {
            Version = 0,
            AsOf = survey.LastInstant,
            RulesVersion = brand.Version,
            MoneyOf = _ => default,
        });
        for (int stage = 0; stage < pulse.Deeplink.Length; stage++)
        {
            Compare(brand, $"consumers in {Names.Of((DeeplinkStage)stage)}", stages.CountOf(brand.Symbol, (DeeplinkStage)stage), pulse.Deeplink[stage]);
        }

        if (!survey.Trimmed && !survey.AnyScrubbed && !crowded && !rules.Changed(brand.Symbol))
        {
            CheckIndex(brand, pulse, recounted);
            CheckTrials(brand, pulse, consumers.Trials);
        }

        if (!survey.Trimmed && !survey.AnyScrubbed)
        {
            DwellCheck.Run(WhereOf(brand), brand.Symbol, pulse.Dwell, consumers.Dwell, report);
        }

        Dictionary<ToldFigure, long> figures = Together(HeldFigures.Of(pulse, rows.Values));
        recounted = Together(recounted);
        foreach (ToldFigure figure in recounted.Keys.Union(figures.Keys).Where(f => IsTold(f, crowded) && !IsShareUnknown(brand, f)).Order(ToldOrder))
        {
            (long sum, long has) = (recounted.GetValueOrDefault(figure), figures.GetValueOrDefault(figure));
            if (IsExact(figure) ? has != sum : has < sum && IsGrowing(figure))
            {
                report.Add(new Mismatch(WhereOf(brand), $"{figure}: the journal adds up to {sum}, the engine has {has}"));
            }
        }

        BooksInvariants.Run(WhereOf(brand), pulse, rows, report);
        FeesCheck.Run(WhereOf(brand), brand, held.Of(brand.Symbol), rows, rules, newest, report);
    }

    private static Comparer<ToldFigure> ToldOrder { get; } = Comparer<ToldFigure>.Create(
        static (a, b) => (a.Scope, a.Of, a.Name).CompareTo((b.Scope, b.Of, b.Name)));

    /// <summary>Figures of which those that may be booked in another hour than their own stand as one sum under the first hour of the span in which they are.</summary>
    private Dictionary<ToldFigure, long> Together(Dictionary<ToldFigure, long> figures) => figures
        .GroupBy(f => f.Key.Scope == FigureScope.Hour && FigureNames.IsMove(f.Key.Name) ? f.Key with { Of = FigureTelling.HourText(SpanOf(f.Key).First) } : f.Key, f => f.Value)
        .ToDictionary(f => f.Key, f => f.Sum());

    private HourSpan SpanOf(in ToldFigure figure)
    {
        long hour = FigureTelling.HourOf(figure.Of);
        return FigureNames.IsMove(figure.Name) ? survey.MovesOf(hour) : new HourSpan(hour, hour);
    }

    /// <summary>Whether the journal can say anything of the figure.</summary>
    private bool IsTold(in ToldFigure figure, bool crowded) =>
        (!FigureNames.IsDerived(figure.Name) || (!survey.Trimmed && !crowded))
        && (figure.Scope != FigureScope.Hour || FigureTelling.HourOf(figure.Of) > survey.LastInstant - KeptDays * RecountRules.Day);

    /// <summary>Shares that other rules gave.</summary>
    private bool IsShareUnknown(BrandSnapshot brand, in ToldFigure figure) =>
        rules.Changed(brand.Symbol)
        && (figure.Name is FigureNames.Credits or FigureNames.Organic or FigureNames.Conversions || (figure.Name == FigureNames.Revenue && figure.Scope > FigureScope.Hour));

    private bool IsExact(in ToldFigure figure) =>
        figure.Scope == FigureScope.Hour ? survey.IsWhole(SpanOf(figure)) : !survey.Trimmed && !survey.AnyScrubbed;

    /// <summary>Refunds take revenue away.</summary>
    private static bool IsGrowing(in ToldFigure figure) => figure != new ToldFigure(FigureScope.Brand, "", FigureNames.Revenue);

    private void CheckIndex(BrandSnapshot brand, BrandPulse pulse, Dictionary<ToldFigure, long> recounted)
    {
        long after = WindowStart(pulse.AsOf);
        IntentIndex index = pulse.PurchaseIntentIndex;
        Compare(brand, "intent index, credits", SumOf(FigureNames.Credits), index.CreditsMicros);
        Compare(brand, "intent index, organic", SumOf(FigureNames.Organic), index.OrganicMicros);
        Compare(brand, "intent index, weight", SumOf(FigureNames.Credits) + SumOf(FigureNames.Organic), index.WeightMicros);
        Compare(brand, "intent index, late touches", SumOf(FigureNames.LateTouches), index.LateTouches);

        long SumOf(string name) => recounted.Where(f => f.Key.Scope == FigureScope.Hour && f.Key.Name == name && FigureTelling.HourOf(f.Key.Of) >= after).Sum(f => f.Value);
    }

    private void CheckTrials(BrandSnapshot brand, BrandPulse pulse, Dictionary<RecountedArm, TrialArm> recounted)
    {
        foreach (CampaignSnapshot campaign in brand.Campaigns.Where(c => rules.HoldsStill(brand.Symbol, c.Id)))
        {
            CampaignTrial held = pulse.Campaigns.Single(c => c.Id == campaign.Id).Trial ?? new CampaignTrial(default, default);
            Check(campaign, "shown", held.Shown, heldOut: false);
            Check(campaign, "held out", held.HeldOut, heldOut: true);
        }

        void Check(CampaignSnapshot campaign, string name, in TrialArm has, bool heldOut)
        {
            TrialArm sum = campaign.HoldsOut ? recounted.GetValueOrDefault(new RecountedArm(brand.Symbol, campaign.Symbol, heldOut)) : default;
            if (sum != has)
            {
                report.Add(new Mismatch(WhereOf(brand), $"campaign {campaign.Id}, trial, {name}: recounted {sum}, the engine has {has}"));
            }
        }
    }

    private void Compare(BrandSnapshot brand, string what, long sum, long has)
    {
        if (sum != has)
        {
            report.Add(new Mismatch(WhereOf(brand), $"{what}: recounted {sum}, the engine has {has}"));
        }
    }

    private static string WhereOf(BrandSnapshot brand) => $"brand {brand.Id}";
}
