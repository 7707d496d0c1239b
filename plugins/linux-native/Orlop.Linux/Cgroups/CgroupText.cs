using System.Globalization;
using Orlop.Abstractions.Execution;

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

    /// <summary>
    /// Pressure stall information: lines such as <c>some avg10=1.50 avg60=0.25 avg300=0.00 total=1234</c> with the total in microseconds. Before
    /// Linux 5.13 the CPU has no line <c>full</c>. Null where the kernel keeps none.
    /// </summary>
    public static Pressure? Pressure(string? text) =>
        PressureTime(text, "some ") is { } some ? new Pressure(some, PressureTime(text, "full ") ?? new PressureTime(0, 0, 0, 0)) : null;

    private static PressureTime? PressureTime(string? text, string line)
    {
        string[]? fields = text?.Split('\n').FirstOrDefault(one => one.StartsWith(line, StringComparison.Ordinal))?.Split(' ');
        return fields is null ? null : new PressureTime((ulong)Field("total=") * 1000, Field("avg10="), Field("avg60="), Field("avg300="));

        double Field(string name) =>
            fields.FirstOrDefault(one => one.StartsWith(name, StringComparison.Ordinal)) is { } field
            && double.TryParse(field.AsSpan(name.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) ? value : 0;
    }

    /// <summary>Names of controllers, as in <c>cgroup.subtree_control</c>.</summary>
    public static IReadOnlyList<string> Names(string? text) => text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Process ids, one a line.</summary>
    public static IReadOnlyList<int> ProcessIds(string? text)
    {
        var pids = new List<int>();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
            if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int pid)) pids.Add(pid);
        return pids;
    }
}
