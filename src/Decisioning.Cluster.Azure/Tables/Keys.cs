using System.Globalization;

namespace Decisioning.Cluster.Azure.Tables;

/// <summary>Partition and row keys. Tables sort them as text, so numbers have all their digits.</summary>
internal static class Keys
{
    public const string Epochs = "epochs";
    public const string Sights = "sights";
    public const string Tombstones = "tombstones";
    public const string Forms = "forms";

    /// <summary>Of an epoch's partition: sorts before its pages.</summary>
    public const string Head = "head";

    // Of a consumer's partition, in the order in which it is read.
    public const string Due = "due";
    public const string Erased = "erased";
    public const string Snapshot = "s";
    public const string AfterSnapshots = "t";

    private const ulong Sign = 1UL << 63;

    public static string Of(long number) => number.ToString("D19", CultureInfo.InvariantCulture);

    public static long NumberOf(string key) => long.Parse(key, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Sorts as the signed number of the same bits.</summary>
    public static string OfConsumer(ulong key) => (key ^ Sign).ToString("X16", CultureInfo.InvariantCulture);

    public static ulong ConsumerOf(string key) => ulong.Parse(key, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) ^ Sign;

    /// <summary>A page of an epoch, named for the number of its last row when it was written.</summary>
    public static string OfPage(long last) => "p" + Of(last);

    /// <summary>A snapshot that a sight still needs: the newest sorts first, after the one that stands.</summary>
    public static string OfOlderSnapshot(long sequence) => Snapshot + Of(long.MaxValue - sequence);

    /// <summary>A consumer's row: the newest sorts first.</summary>
    public static string OfRow(long first) => AfterSnapshots + Of(long.MaxValue - first);
}
