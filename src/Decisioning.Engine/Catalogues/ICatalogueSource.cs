using Decisioning.Core.Catalogue;

namespace Decisioning.Engine.Catalogues;

/// <summary>Where the live catalogue is to be had.</summary>
internal interface ICatalogueSource
{
    CatalogueSnapshot Current { get; }
}
