namespace Orlop.Linux.Users;

/// <summary>A line of passwd(5).</summary>
internal sealed record PasswdEntry(string Name, long Uid, long Gid, string Home)
{
    /// <summary>All well-formed lines; others are skipped, as the C library does.</summary>
    public static IEnumerable<PasswdEntry> Parse(string passwd)
    {
        foreach (string line in passwd.Split('\n'))
        {
            string[] fields = line.Split(':');
            if (line.StartsWith('#') || fields.Length < 4 || fields[0].Length == 0) continue;
            if (!UserId.TryParse(fields[2], out long uid) || !UserId.TryParse(fields[3], out long gid)) continue;
            yield return new PasswdEntry(fields[0], uid, gid, fields.Length > 5 ? fields[5] : "");
        }
    }
}
