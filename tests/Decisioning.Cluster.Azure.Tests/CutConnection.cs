using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;

namespace Decisioning.Cluster.Azure.Tests;

/// <summary>A way to the account that ends: after so many changes the next one is still done, but nothing is heard any more. Below zero it ended before the first.</summary>
internal sealed class CutConnection(int changes) : HttpPipelinePolicy
{
    private int _left = changes;

    public static TableClientOptions Options(int changes)
    {
        TableClientOptions options = new();
        options.Retry.MaxRetries = 0;
        options.AddPolicy(new CutConnection(changes), HttpPipelinePosition.PerRetry);
        return options;
    }

    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Require();
        ProcessNext(message, pipeline);
        Count(message);
    }

    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline)
    {
        Require();
        await ProcessNextAsync(message, pipeline);
        Count(message);
    }

    private static RequestFailedException Cut() => new("The connection was cut, as a test asked.");

    private void Require()
    {
        if (Volatile.Read(ref _left) < 0)
        {
            throw Cut();
        }
    }

    private void Count(HttpMessage message)
    {
        if (message.Request.Method != RequestMethod.Get && Interlocked.Decrement(ref _left) < 0)
        {
            throw Cut();
        }
    }
}
