using Decisioning.Engine.Storage;
using Decisioning.Server;

namespace Decisioning.Silo;

/// <summary>What kept a silo from starting, in one sentence: Orleans wraps it into what it was doing.</summary>
internal static class StartFault
{
    /// <summary>The exception to throw in the place of one from a start.</summary>
    public static Exception Of(Exception fault)
    {
        for (Exception? cause = fault; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case StartException told:
                    return told;
                case StorageException or InvalidDataException:
                    return new StartException(cause.Message);
            }
        }

        return fault is OperationCanceledException ? fault : new StartException($"The silo did not join: {fault.GetBaseException().Message}");
    }
}
