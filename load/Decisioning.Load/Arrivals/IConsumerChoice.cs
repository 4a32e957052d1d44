namespace Decisioning.Load.Arrivals;

/// <summary>Says who comes next. Seeded; used by one thread.</summary>
internal interface IConsumerChoice
{
    /// <summary>The number of the next consumer, from 0.</summary>
    int Next();
}
