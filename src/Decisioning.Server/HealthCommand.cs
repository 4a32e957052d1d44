namespace Decisioning.Server;

/// <summary><c>health URL</c>: asks a running server how it is, for container images that have no other program to ask with.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    /// <summary>Runs the command; <see cref="ExitCodes.Done"/> where the answer is 200.</summary>
    /// <param name="args">What follows <c>health</c>: the address of <c>/healthz</c> or <c>/readyz</c>.</param>
    /// <param name="error">For what is wrong.</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter error, CancellationToken stop)
    {
        if (args.Count != 1 || !Uri.TryCreate(args[0], UriKind.Absolute, out Uri? address) || address.Scheme != Uri.UriSchemeHttp)
        {
            error.WriteLine("health takes one address, such as http://127.0.0.1:5080/readyz.");
            return ExitCodes.BadOptions;
        }

        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Longest };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(address, stop);
            if (answer.IsSuccessStatusCode)
            {
                return ExitCodes.Done;
            }

            error.WriteLine($"{address} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}");
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            error.WriteLine($"{address} does not answer: {fault.Message}");
        }

        return ExitCodes.NotStarted;
    }
}
