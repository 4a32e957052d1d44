using System.Net.Sockets;
using Azure;
using Azure.Data.Tables.Models;
using Azure.Identity;
using Decisioning.Engine.Storage;

namespace Decisioning.Cluster.Azure.Tables;

/// <summary>What Azure Storage or the way to it refused, in words that say what to check. No key is ever in them.</summary>
internal static class TableFailure
{
    /// <summary>Null for what is no failure of the storage.</summary>
    public static StorageException? Of(Exception e, Uri at, CancellationToken asked) => e switch
    {
        StorageException => null,
        RequestFailedException or AuthenticationFailedException => new StorageException($"Azure Storage at {at.Host}: {Words(e)}", e),
        // Every attempt failed in a way of its own: the last says why.
        AggregateException { InnerExceptions: [.., RequestFailedException or AuthenticationFailedException] all } => Of(all[^1], at, asked),
        AggregateException { InnerExceptions: [.., OperationCanceledException] } => Late(e, at),
        OperationCanceledException when !asked.IsCancellationRequested => Late(e, at),
        _ => null,
    };

    private static StorageException Late(Exception e, Uri at) =>
        new($"Azure Storage at {at.Host}: no answer in time; check that the account is reachable from here and not throttled", e);

    private static string Words(Exception e) => e switch
    {
        AuthenticationFailedException => "no identity could be had here to come in with; run where there is a managed identity, or sign in (az login)",
        RequestFailedException { Status: 401 or 403 } refused =>
            $"it does not let this process in ({refused.ErrorCode ?? "no reason given"}); with a key check AccountName, AccountKey and this machine's clock, without one give its identity the role "
            + "Storage Table Data Contributor; check the account's network rules too",
        RequestFailedException refused when refused.ErrorCode == TableErrorCode.TableNotFound => "a table of the cluster is gone; restore the account, or give the cluster an empty one",
        RequestFailedException refused when refused.ErrorCode == TableErrorCode.TableBeingDeleted => "a table of this name is being deleted; wait a minute, or use another prefix",
        RequestFailedException { Status: 429 or 500 or 503 } refused => $"it is busy or throttles ({refused.ErrorCode ?? "no reason given"})",
        RequestFailedException { Status: > 0 } refused => $"it refused with {refused.Status} {refused.ErrorCode}",
        { InnerException.InnerException: SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } } =>
            "the account's name is not known here; check it",
        { InnerException.InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "nothing listens there; check the endpoint",
        _ => e.Message,
    };
}
