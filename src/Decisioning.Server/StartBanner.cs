namespace Decisioning.Server;

/// <summary>What the server says once it listens: where, and a line to try.</summary>
internal static class StartBanner
{
    /// <param name="output">Where to.</param>
    /// <param name="address">An address it listens on, as <c>http://HOST:PORT</c>.</param>
    /// <param name="data">Where everything is kept.</param>
    /// <param name="hasKeys">Whether callers need a key.</param>
    public static void Write(TextWriter output, string address, string data, bool hasKeys)
    {
        string reachable = Reachable(address);
        string key = hasKeys ? " -H 'X-Api-Key: YOUR_KEY'" : "";
        output.WriteLine($"Decisioning is listening on {address}");
        output.WriteLine($"  page  {reachable}/");
        output.WriteLine($"  data  {data}");
        output.WriteLine("  try");
        output.WriteLine(
            $"curl -s {reachable}/v1/decisions -H 'Content-Type: application/json'{key} "
            + "-d '{\"consumer\":{\"id\":\"c-1\"},\"placements\":[{\"id\":\"home-top\",\"channel\":\"home\"}],\"explain\":true}'");
        output.Flush();
    }

    /// <summary>An address under which the machine itself reaches a server that listens on that one.</summary>
    public static string Reachable(string address) =>
        address.Replace("[::]", "127.0.0.1", StringComparison.Ordinal).Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
}
