using System.Collections.Frozen;

namespace Orlop.Cni.Configuration;

/// <summary>The released versions of the CNI specification, which are what this runtime speaks.</summary>
internal static class CniVersion
{
    /// <summary>The newest version; what <c>VERSION</c> is asked with.</summary>
    public const string Newest = "1.1.0";

    /// <summary>What a configuration without <c>cniVersion</c> means.</summary>
    public const string Undeclared = "0.1.0";

    private static readonly string[] s_released = ["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", Newest];

    private static readonly FrozenDictionary<string, int> s_rank =
        s_released.Select((version, rank) => (version, rank)).ToFrozenDictionary(pair => pair.version, pair => pair.rank, StringComparer.Ordinal);

    /// <summary>All versions, the oldest first.</summary>
    public static IReadOnlyList<string> Released => s_released;

    public static bool IsReleased(string version) => s_rank.ContainsKey(version);

    /// <summary>The plugin gets the result of its ADD back on DEL, and knows CHECK: since 0.4.0.</summary>
    public static bool HasCheck(string version) => IsAtLeast(version, "0.4.0");

    /// <summary>The plugin knows STATUS and GC: since 1.1.0.</summary>
    public static bool HasStatusAndGarbageCollection(string version) => IsAtLeast(version, "1.1.0");

    /// <summary>Orders released versions; the newer one is greater.</summary>
    public static int Compare(string left, string right) => s_rank[left].CompareTo(s_rank[right]);

    private static bool IsAtLeast(string version, string floor) => Compare(version, floor) >= 0;
}
