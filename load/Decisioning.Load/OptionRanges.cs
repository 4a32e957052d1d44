using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Decisioning.Load;

/// <summary>Bounds of options, said with the fault.</summary>
internal static class OptionRanges
{
    /// <summary>Lets an option be from one value to another, both included; what is no number is no value either.</summary>
    public static Option<T> Within<T>(this Option<T> option, T least, T most)
        where T : INumber<T>
    {
        option.Validators.Add(given =>
        {
            foreach (string text in given.Tokens.Select(t => t.Value))
            {
                if (!T.TryParse(text, NumberStyles.Float & ~NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out T? value) || !(value >= least && value <= most))
                {
                    given.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} '{text}' is not from {least} to {most}."));
                }
            }
        });
        return option;
    }
}
