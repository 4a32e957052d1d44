namespace Decisioning.Api.Tokens;

/// <summary>Where a decision was made, sealed into its token, so that nothing of a trial is ever counted as real.</summary>
public enum TokenRealm : byte
{
    /// <summary>A decision that counts.</summary>
    Live,

    /// <summary>A decision of the sandbox; its token is the sandbox's alone.</summary>
    Sandbox,

    /// <summary>A decision that changed nothing (<c>test: true</c>); its token is answered and records nothing.</summary>
    Trial,
}
