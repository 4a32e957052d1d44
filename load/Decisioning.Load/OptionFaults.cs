using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Decisioning.Load;

/// <summary>What options may be.</summary>
internal static class OptionFaults
{
    /// <summary>Lets an option be from one value to another, both included; what is no number is no value either.</summary>
    public static void Within<T>(this Option option, T least, T most)
        where T : INumber<T>
    {
        const NumberStyles plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        option.Refusing(text => T.TryParse(text, plain, CultureInfo.InvariantCulture, out T? value) && value >= least && value <= most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{option.Name} '{text}' is not from {least} to {most}."));
    }

    /// <summary>Refuses what has a fault.</summary>
    /// <param name="faultOf">Says what is wrong with a value, as a sentence; null where nothing is.</param>
    public static void Refusing(this Option option, Func<string, string?> faultOf) => option.Validators.Add(given =>
    {
        foreach (string? fault in given.Tokens.Select(t => faultOf(t.Value)))
        {
            if (fault is not null)
            {
                given.AddError(fault);
            }
        }
    });
}
