namespace Orlop.Testing.Machines;

/// <summary>One mounted cgroup hierarchy: a v1 hierarchy with its controllers, or the v2 tree (cgroups(7)).</summary>
public sealed record Hierarchy(string MountPoint, bool IsV2, IReadOnlyList<string> Controllers)
{
    /// <summary>Whether <paramref name="controller"/> can be used in this hierarchy.</summary>
    public bool HasController(string controller) => Controllers.Contains(controller, StringComparer.Ordinal);

    /// <summary>The folder of the cgroup <paramref name="path"/>, which starts with a slash.</summary>
    public string Folder(string path) => MountPoint + path.TrimEnd('/');
}
