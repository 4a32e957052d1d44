using System.Text.Json;

namespace Decisioning.Lab.Tests.Support;

/// <summary>One call of the program: its exit code and what it wrote.</summary>
internal sealed record LabCall(int Code, string Output, string Error)
{
    /// <summary>The one JSON object on the one line of standard output.</summary>
    public JsonElement Json => JsonDocument.Parse(Assert.Single(Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))).RootElement;

    public static async Task<LabCall> RunAsync(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = await LabProgram.RunAsync(args, output, error, TestContext.Current.CancellationToken);
        return new LabCall(code, output.ToString(), error.ToString());
    }

    public long Number(string member) => Json.GetProperty(member).GetInt64();
}
