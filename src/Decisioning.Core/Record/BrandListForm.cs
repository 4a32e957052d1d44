using Decisioning.Core.Catalogue;
using Decisioning.Core.Consumers;

namespace Decisioning.Core.Record;

/// <summary>
/// The brands a request asked for as the journal keeps them: their number, then their symbols, as varints. Most requests ask for all that their key may use,
/// which is one and the same list, so the last form is kept. Scratch of one <see cref="Turn"/>.
/// </summary>
internal sealed class BrandListForm
{
    private readonly ByteWriter _bytes = new();
    private BrandSnapshot[]? _of;

    public ReadOnlySpan<byte> Of(BrandSnapshot[] brands)
    {
        if (!ReferenceEquals(brands, _of))
        {
            _bytes.Clear();
            _bytes.Varint((ulong)brands.Length);
            foreach (BrandSnapshot brand in brands)
            {
                _bytes.Varint((ulong)brand.Symbol);
            }

            _of = brands;
        }

        return _bytes.Written;
    }
}
