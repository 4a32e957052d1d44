using System.Text.Json;
using Decisioning.Load.Running;

namespace Decisioning.Load.Reports;

/// <summary>One figure beside the same of an earlier run.</summary>
/// <param name="Name">Such as <c>decisions p99</c>.</param>
/// <param name="Before">In the earlier run.</param>
/// <param name="Now">In this one.</param>
/// <param name="Unit">Such as ms.</param>
internal sealed record Comparison(string Name, double Before, double Now, string Unit)
{
    /// <summary>This run's figure over the earlier one's.</summary>
    public double Ratio => Now / Before;
}

/// <summary>An earlier run's result, to compare with.</summary>
internal sealed class Baseline
{
    private static readonly (string Name, Func<LatencyFigures, double> Of)[] Quantiles = [("p50", l => l.P50), ("p99", l => l.P99), ("p999", l => l.P999), ("max", l => l.Max)];

    private readonly JsonElement _total;

    private Baseline(JsonElement total) => _total = total;

    /// <summary>Reads a result that was written by <see cref="ResultJson"/>.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="scenario">The scenario of the run that is compared with it.</param>
    /// <exception cref="LoadFailureException">There is none, or it is not to be compared with.</exception>
    public static Baseline Read(string file, string scenario)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            JsonElement root = document.RootElement;
            string of = root.GetProperty("scenario").GetProperty("name").GetString()!;
            string? fault = of != scenario ? $"it is of the scenario '{of}'"
                : root.GetProperty("partial").ValueKind != JsonValueKind.Null ? "it is partial"
                : root.GetProperty("saturated").ValueKind != JsonValueKind.Null ? "its generator was saturated"
                : null;
            return fault is null ? new Baseline(root.GetProperty("total").Clone()) : throw new LoadFailureException($"--baseline '{file}' cannot be compared with: {fault}.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new LoadFailureException($"--baseline '{file}' is no result of a run: {fault.Message}");
        }
    }

    /// <summary>Sets a run's figures beside the earlier ones; nothing where its own are withheld.</summary>
    public IEnumerable<Comparison> With(RunResult result)
    {
        foreach (CallKind kind in Enum.GetValues<CallKind>())
        {
            if (result.Latency(kind) is { } now && _total.GetProperty(ResultJson.NameOf(kind)) is { ValueKind: JsonValueKind.Object } before)
            {
                yield return new Comparison($"{ResultJson.NameOf(kind)} served", before.GetProperty("servedPerSecond").GetDouble(), result.ServedPerSecond(kind), "a second");
                foreach ((string name, Func<LatencyFigures, double> of) in Quantiles)
                {
                    yield return new Comparison($"{ResultJson.NameOf(kind)} {name}", before.GetProperty("latency").GetProperty(name).GetDouble(), of(now), "ms");
                }
            }
        }
    }
}
