using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Decisioning.Load.Tests.Support;

namespace Decisioning.Load.Tests;

/// <summary>What the program says to those who use it wrongly.</summary>
public sealed class UsageTests
{
    [Fact]
    public async Task Every_fault_of_usage_is_named_at_once()
    {
        (int code, string said) = await RunAsync(
            "--scenario", "stedy", "--rate", "0", "--seconds", "-1", "--url", "ftp://nowhere", "--clients", "3", "--connections", "2", "--timeout", "0", "--baseline", "/no/such/file");

        Assert.Equal(ExitCodes.BadUsage, code);
        Assert.All(["'steady'", "--rate '0'", "--seconds '-1'", "ftp://nowhere", "--clients 3", "--timeout '0'"], fault => Assert.Contains(fault, said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://example.org", "plain http alone")]
    [InlineData("http://127.0.0.1:1/v1", "has a path")]
    public async Task An_address_that_cannot_be_loaded_is_refused_with_the_reason(string url, string why)
    {
        (int code, string said) = await RunAsync("--url", url);

        Assert.Equal(ExitCodes.BadUsage, code);
        Assert.Contains(why, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_and_a_process_go_with_an_address_alone()
    {
        (int code, string said) = await RunAsync("--key", "dk_x", "--process", "1");

        Assert.Equal(ExitCodes.BadUsage, code);
        Assert.Contains("--key goes with --url alone", said, StringComparison.Ordinal);
        Assert.Contains("--process goes with --url alone", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_and_cores_are_for_a_server_of_its_own_and_a_run_that_is_judged()
    {
        (int code, string said) = await RunAsync("--url", "http://127.0.0.1:1", "--pin", "--reference", "--knee");

        Assert.Equal(ExitCodes.BadUsage, code);
        Assert.Contains("--pin goes without --url", said, StringComparison.Ordinal);
        Assert.Contains("--reference goes without --url", said, StringComparison.Ordinal);
        Assert.Contains("--reference goes without --knee", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_curve_does_not_fit_into_less_time()
    {
        (int code, string said) = await RunAsync("--scenario", "midnight", "--seconds", "20");

        Assert.Equal(ExitCodes.BadUsage, code);
        Assert.Contains("the curve of 'midnight' takes 76", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_nobody_answers_nothing_is_reported()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        (int code, string said) = await RunAsync("--url", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

        Assert.Equal(ExitCodes.BadUsage, code);
        Assert.Contains("does not answer", said, StringComparison.Ordinal);
        Assert.DoesNotContain("p99", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_key_is_said_to_be_one()
    {
        using StubServer server = new();
        for (int i = 0; i < 8; i++)
        {
            server.First.Enqueue(HttpStatusCode.Unauthorized);
        }

        (int code, string said) = await RunAsync("--url", server.Url.AbsoluteUri.TrimEnd('/'), "--key", "dk_wrong");

        Assert.Equal(ExitCodes.BadUsage, code);
        Assert.Contains("was answered with 401", said, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> RunAsync(params string[] args)
    {
        using StringWriter said = new(CultureInfo.InvariantCulture);
        int code = await LoadProgram.RunAsync(args, said, said, TestContext.Current.CancellationToken);
        return (code, said.ToString());
    }
}
