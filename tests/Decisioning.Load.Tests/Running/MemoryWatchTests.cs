using System.Diagnostics;
using Decisioning.Load.Running;

namespace Decisioning.Load.Tests.Running;

public sealed class MemoryWatchTests
{
    [Fact]
    public void A_process_is_read_while_it_lives()
    {
        using MemoryWatch watch = MemoryWatch.Open(Environment.ProcessId);

        Assert.InRange(watch.Read()!.Value.WorkingSet, 10_000_000, long.MaxValue);
    }

    [Fact]
    public void One_that_tells_nothing_of_its_heap_is_named()
    {
        using Process other = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;

        LoadFailureException fault = Assert.Throws<LoadFailureException>(() => MemoryWatch.Open(other.Id));

        Assert.StartsWith($"The memory of process {other.Id} cannot be looked at:", fault.Message, StringComparison.Ordinal);
        other.StandardInput.Close();
        other.WaitForExit();
        Assert.Throws<LoadFailureException>(() => MemoryWatch.Open(other.Id));
    }

    [Fact]
    public void One_under_whose_number_another_was_killed_is_named()
    {
        using Process other = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!;
        string left = Path.Combine(Path.GetTempPath(), $"dotnet-diagnostic-{other.Id}-1-socket");
        File.WriteAllText(left, "");
        try
        {
            LoadFailureException fault = Assert.Throws<LoadFailureException>(() => MemoryWatch.Open(other.Id));

            Assert.StartsWith($"The memory of process {other.Id} cannot be looked at:", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(left);
            other.StandardInput.Close();
        }
    }
}
