namespace Orlop.Linux.Mounting;

/// <summary>Paths as a container sees them: absolute, without <c>.</c>, <c>..</c> and double slashes.</summary>
/// <remarks>Only text: symbolic links are followed by the kernel, inside the container's root, when the path is used.</remarks>
internal static class ContainerPath
{
    public static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (string part in path.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }
        return "/" + string.Join('/', parts);
    }

    /// <summary>Whether a clean path is <paramref name="folder"/> or below it.</summary>
    public static bool IsWithin(string path, string folder) =>
        folder == "/" || (path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/'));

    /// <summary>What a call takes that starts at the root's descriptor.</summary>
    public static string Relative(string clean) => clean == "/" ? "." : clean[1..];

    public static string Parent(string clean) => clean.LastIndexOf('/') is > 0 and var slash ? clean[..slash] : "/";

    public static string Name(string clean) => clean[(clean.LastIndexOf('/') + 1)..];
}
