using System.Globalization;

namespace Orlop.Linux.Cgroups;

/// <summary>Reads the formats of cgroup files; cgroups(7).</summary>
internal static class CgroupText
{
    /// <summary>A number; null for <c>max</c> and for what is none.</summary>
    public static ulong? Number(string? text) =>
        ulong.TryParse(text.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : null;

    /// <summary>The value of a key in a flat-keyed file: lines of <c>key value</c>.</summary>
    public static ulong? Value(string? text, ReadOnlySpan<char> key)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
            if (line.Length > key.Length && line[key.Length] == ' ' && line.StartsWith(key))
                return ulong.TryParse(line[(key.Length + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : null;
        return null;
    }

    /// <summary>Process ids, one a line.</summary>
    public static IReadOnlyList<int> ProcessIds(string? text)
    {
        var pids = new List<int>();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)) pids.Add(pid);
        return pids;
    }
}
