using Decisioning.Core.Consumers;

namespace Decisioning.Engine.Identity;

/// <summary>SipHash-2-4 with keys of the installation: a stored key names nobody, and nobody outside can aim ids at one key.</summary>
internal sealed class KeyedConsumerHash(EngineSecret secret) : IConsumerHash
{
    private readonly SipHash _consumers = secret.Consumers;
    private readonly SipHash _contextual = secret.Contextual;

    public ulong Of(ReadOnlySpan<byte> idUtf8) => _consumers.Of(idUtf8);

    public ulong OfContextual(ReadOnlySpan<byte> mark) => _contextual.Of(mark);
}
