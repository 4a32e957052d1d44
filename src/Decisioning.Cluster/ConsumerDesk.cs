using System.Runtime.CompilerServices;
using Decisioning.Cluster.Turns;
using Decisioning.Cluster.Turns.Wire;
using Decisioning.Core.Hosting;
using Decisioning.Engine.Identity;
using Orleans.Runtime;

namespace Decisioning.Cluster;

/// <summary>
/// The way to a consumer's grain: begins at the key of the id's hash, goes on where a key is somebody else's, and asks again where a turn was lost. Calls may
/// be asked again: events, tracker calls and requests with an id count once. A grain on this silo is called as it is, any other by message.
/// </summary>
internal sealed class ConsumerDesk(IGrainFactory grains, NearConsumers near, TimeProvider time)
{
    private static readonly KeySpace Keys = new(1);
    private readonly ReferenceCache _references = new(grains);

    /// <summary>Asks the grain of the consumer that the call means.</summary>
    /// <param name="hash">Of the id: where to look first.</param>
    /// <returns>An answer that is <see cref="Outcome.Done"/>, or <see cref="Outcome.Vacant"/> where the call only looks.</returns>
    /// <exception cref="HostUnavailableException">It cannot be done now.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<TAnswer> AskAsync<TCall, TAnswer>(
        ulong hash, TCall call, Func<IConsumerGrain, TCall, ValueTask<TAnswer>> ask, CancellationToken cancellation)
        where TCall : ConsumerCall
        where TAnswer : ConsumerAnswer
    {
        ulong key = KeySpace.First(hash);
        bool begins = call.Seat == Seat.First;
        ulong? gap = null;
        for (int seat = 0; seat < ClusterBounds.Seats; seat++)
        {
            TAnswer answer = await AskGrainAsync(key, call, ask, cancellation);
            if (answer.Outcome == Outcome.Vacant && begins)
            {
                // Nobody further on: the first place that was left empty is the consumer's.
                (key, call) = (gap!.Value, call.At<TCall>(Seat.Take));
            }
            else if (answer.Outcome is Outcome.Done or Outcome.Vacant)
            {
                return answer;
            }
            else
            {
                if (answer.Outcome == Outcome.Gap)
                {
                    gap ??= key;
                    call = call.At<TCall>(Seat.Look);
                }

                // Somebody else sits where this call meant to: it begins anew behind them.
                gap = gap == key && answer.Outcome == Outcome.Other ? null : gap;
                key = Keys.Next(key);
            }
        }

        throw new HostUnavailableException($"{ClusterBounds.Seats} consumers of one hash.", ClusterBounds.Soon);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<TAnswer> AskGrainAsync<TCall, TAnswer>(
        ulong key, TCall call, Func<IConsumerGrain, TCall, ValueTask<TAnswer>> ask, CancellationToken cancellation)
        where TCall : ConsumerCall
        where TAnswer : ConsumerAnswer
    {
        string? reason = null;
        TimeSpan backOff = TimeSpan.FromMilliseconds(5);
        for (int attempt = 0; attempt < ClusterBounds.Attempts; attempt++)
        {
            try
            {
                TAnswer answer = await ask(near.Find(key) ?? _references.Of(key), call);
                if (answer.Outcome == Outcome.Unavailable)
                {
                    throw new HostUnavailableException(answer.Reason ?? "The consumer's silo takes no work.", ClusterBounds.Soon);
                }

                if (answer.Outcome != Outcome.Lost)
                {
                    return answer;
                }

                reason = "The consumer is on its way to another silo.";
            }
            catch (Exception e) when (GrainFault.Is(e, cancellation))
            {
                reason = e.Message;
            }

            await Task.Delay(backOff, time, cancellation);
            backOff *= 2;
        }

        throw new HostUnavailableException(reason!, ClusterBounds.Soon);
    }
}
