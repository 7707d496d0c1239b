using System.Text.Json;
using Orlop.Testing.Machines;

namespace Orlop.NodeTests.Resources;

/// <summary>The cgroup that a container is really in: found by its process, not by a guess of the path.</summary>
internal sealed class ContainerCgroup
{
    private readonly Dictionary<Hierarchy, string> _paths = [];

    private ContainerCgroup(int pid)
    {
        foreach (var line in File.ReadLines($"/proc/{pid}/cgroup").Select(line => line.Split(':', 3)))
        {
            var hierarchy = CgroupTree.Hierarchies.FirstOrDefault(candidate =>
                line[1].Length == 0 ? candidate.IsV2 : candidate.Controllers.Intersect(line[1].Split(',')).Any());
            if (hierarchy is not null)
            {
                _paths[hierarchy] = line[2];
            }
        }
    }

    public static async Task<ContainerCgroup> OfAsync(PodContainer container)
    {
        using var info = JsonDocument.Parse((await container.InfoAsync())["info"]);
        return new ContainerCgroup(info.RootElement.GetProperty("pid").GetInt32());
    }

    /// <summary>The path in the hierarchy of a controller.</summary>
    public string Path(string controller) => _paths[CgroupTree.For(controller)];

    /// <summary>Reads a file of the v2 or the v1 interface, whichever the controller lives in.</summary>
    public string Read(string controller, string v2, string v1)
    {
        var hierarchy = CgroupTree.For(controller);
        return File.ReadAllText(System.IO.Path.Combine(hierarchy.Folder(_paths[hierarchy]), hierarchy.IsV2 ? v2 : v1)).Trim();
    }
}
