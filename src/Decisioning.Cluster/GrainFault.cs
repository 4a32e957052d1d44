using Orleans.Runtime;

namespace Decisioning.Cluster;

/// <summary>What a call of a grain throws where the grain could not be reached, or not in time: asking again is in order, and whether the call was done is not known.</summary>
internal static class GrainFault
{
    /// <param name="fault">What was thrown.</param>
    /// <param name="ours">
    /// The caller's own wish to end, which is no fault of a grain's: Orleans cancels a message that expires before its grain is found, whoever wants what.
    /// </param>
    public static bool Is(Exception fault, CancellationToken ours = default) =>
        fault is OrleansException or TimeoutException || (fault is OperationCanceledException && !ours.IsCancellationRequested);
}
