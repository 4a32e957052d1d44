using Decisioning.Core.Catalogue.Reading;

namespace Decisioning.Core.Catalogue.Compiling;

/// <summary>Compiles <c>price</c>: what a campaign pays for, and what one of it costs.</summary>
internal static class PriceCompiler
{
    private const int PerMille = 1_000;

    private static readonly string[] Known = ["model", "amount"];
    private static readonly (string Name, PriceModel Model)[] Models = [("cpm", PriceModel.Cpm), ("cpc", PriceModel.Cpc), ("flat", PriceModel.Flat)];
    private static readonly string[] ModelNames = [.. Models.Select(m => m.Name)];

    /// <summary>The model, the amount as written and the charge for one event, both in micros.</summary>
    public static (PriceModel Model, long Amount, long Unit) Compile(FieldReader fields, Node? node)
    {
        if (fields.Object(node, Known) is not { } view)
        {
            return (PriceModel.None, 0, 0);
        }

        int? choice = fields.Choice(fields.Require(view, "model", string.Join(", ", ModelNames)), ModelNames);
        Node? amountNode = fields.Require(view, "amount", "money as a decimal string");
        long? amount = fields.Amount(amountNode);
        if (choice is not { } index || amount is not { } micros)
        {
            return (PriceModel.None, 0, 0);
        }

        PriceModel model = Models[index].Model;
        if (model == PriceModel.Cpm && micros % PerMille != 0)
        {
            fields.Faults.Add(
                amountNode!, FaultCodes.BadMoney, $"{Quote.Of(amountNode!.Text)} for a thousand is no whole number of millionths for one: write at most three decimals.");
        }

        long unit = model switch
        {
            PriceModel.Cpm => micros / PerMille,
            PriceModel.Cpc => micros,
            _ => 0,
        };
        return (model, micros, unit);
    }

    /// <summary>Warns where a flat price cannot be booked, or not the whole of it.</summary>
    /// <param name="price">As <see cref="Compile"/> gave it.</param>
    public static void CheckFlat(FieldReader fields, Node? node, long price, Flight flight, BudgetSnapshot? budget)
    {
        if (flight is not { From: { } from, To: { } to })
        {
            fields.Faults.Warn(
                node!, FaultCodes.NotBooked, "A flat price is booked by days of the flight, and this flight is open: nothing is booked until it has both \"from\" and \"to\".");
            return;
        }

        int days = to.DayNumber - from.DayNumber + 1;
        if (budget?.TotalMicros < price || budget?.DailyMicros < (price + days - 1) / days)
        {
            fields.Faults.Warn(node!, FaultCodes.NotBooked, "The budget has less room than the flat price takes, in all or on a day: no more is booked than fits.");
        }
    }
}
