namespace Decisioning.Lab.Replay;

/// <summary>Where a stream is replayed to.</summary>
internal interface IReplayTarget
{
    /// <summary>Replays the whole stream, then counts the consumers met by stage; all of it into the scene's tally.</summary>
    /// <exception cref="LabFailureException">The target cannot be used, or refused what cannot be tried again.</exception>
    Task ReplayAsync(ReplayScene scene, CancellationToken stop);
}
