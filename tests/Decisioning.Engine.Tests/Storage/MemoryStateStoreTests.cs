using Decisioning.Engine.Storage;

namespace Decisioning.Engine.Tests.Storage;

/// <summary>The state store in memory under the common contract.</summary>
public sealed class MemoryStateStoreTests : StateStoreContract
{
    protected override IStateStore Open() => new MemoryStateStore();

    protected override IStateStore Reopen(IStateStore store) => store;
}
