using System.Text;
using Decisioning.Core.Catalogue;
using Decisioning.Lab.Streams;

namespace Decisioning.Lab.Replay;

/// <summary>The document that a replay's brand is put with.</summary>
internal static class BrandDocument
{
    private const string DemoAddress = "http://127.0.0.1:5080";

    /// <summary>
    /// The plan's file; without one a demo brand, its flights around the stream's last event: <c>aurora</c> is Aurora's, every other id gets Borealis's, which
    /// nothing holds back.
    /// </summary>
    public static byte[] Of(ReplayPlan plan, long last)
    {
        if (plan.Catalogue is { } file)
        {
            return File.ReadAllBytes(file);
        }

        DateOnly day = DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(last).UtcDateTime);
        return Encoding.UTF8.GetBytes(plan.Brand == DemoCatalogue.AuroraId ? DemoCatalogue.Aurora(day, DemoAddress) : DemoCatalogue.Borealis(DemoAddress));
    }

    /// <summary>The faults that were found in the document.</summary>
    /// <param name="plan">Names the file.</param>
    /// <param name="document">What it holds.</param>
    /// <param name="faults">Each with where it is (a JSON pointer) and what it is; at least one.</param>
    public static BadDataException Refused(ReplayPlan plan, byte[] document, IReadOnlyList<(string Pointer, string Detail)> faults)
    {
        string name = plan.Catalogue ?? $"the demo document for {plan.Brand}";
        return new BadDataException([.. faults.Take(BadDataException.Told).Select(f =>
        {
            (long line, int column) = JsonPlace.Of(document, f.Pointer);
            return new DataFault(name, line, column, $"{f.Pointer}: {f.Detail}");
        })], faults.Count);
    }
}
