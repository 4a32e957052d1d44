using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Decisioning.Cluster.Azure.Tests;

/// <summary>A way to the account on which something happens around one change.</summary>
/// <param name="nth">Which change, from 0.</param>
internal abstract class WatchedConnection(int nth) : HttpPipelinePolicy
{
    private int _left = nth;

    /// <summary>True once the change was reached.</summary>
    public bool IsReached => Volatile.Read(ref _left) < 0;

    public TableClientOptions Options()
    {
        TableClientOptions options = new();
        options.Retry.MaxRetries = 0;
        options.AddPolicy(this, HttpPipelinePosition.PerRetry);
        return options;
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => ProcessAsync(message, pipeline).AsTask().GetAwaiter().GetResult();

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        bool was = IsReached;
        bool isIt = message.Request.Method != RequestMethod.Get && Interlocked.Decrement(ref _left) == -1;
        await AroundAsync(was, isIt, () => ProcessNextAsync(message, pipeline));
    }

    /// <param name="was">The change was reached before.</param>
    /// <param name="isIt">This is the change.</param>
    protected abstract ValueTask AroundAsync(bool was, bool isIt, Func<ValueTask> send);
}

/// <summary>The change is still done, but nothing is heard any more.</summary>
internal sealed class CutConnection(int nth) : WatchedConnection(nth)
{
    protected override async ValueTask AroundAsync(bool was, bool isIt, Func<ValueTask> send)
    {
        if (!was)
        {
            await send();
        }

        if (was || isIt)
        {
            throw new RequestFailedException("The connection was cut, as a test asked.");
        }
    }
}

/// <summary>Somebody else does something before the change.</summary>
internal sealed class InterruptedConnection(int nth, Func<Task> meanwhile) : WatchedConnection(nth)
{
    protected override async ValueTask AroundAsync(bool was, bool isIt, Func<ValueTask> send)
    {
        if (isIt)
        {
            await meanwhile();
        }

        await send();
    }
}
