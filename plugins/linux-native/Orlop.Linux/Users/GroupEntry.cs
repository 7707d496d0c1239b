namespace Orlop.Linux.Users;

/// <summary>A line of group(5).</summary>
internal sealed record GroupEntry(string Name, long Gid, IReadOnlyList<string> Members)
{
    /// <summary>All well-formed lines; others are skipped, as the C library does.</summary>
    public static IEnumerable<GroupEntry> Parse(string group)
    {
        foreach (string line in group.Split('\n'))
        {
            string[] fields = line.Split(':');
            if (line.StartsWith('#') || fields.Length < 3 || fields[0].Length == 0 || !UserId.TryParse(fields[2], out long gid)) continue;
            string[] members = fields.Length > 3 ? fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];
            yield return new GroupEntry(fields[0], gid, members);
        }
    }
}
