namespace Decisioning.Cluster;

/// <summary>What silos say to one another: <c>wire-contract.txt</c> lists it, and a test compares both.</summary>
public static class WireContract
{
    /// <summary>Moves with every change that silos of the version before cannot read. All members of a cluster share it.</summary>
    public const int Version = 3;
}
