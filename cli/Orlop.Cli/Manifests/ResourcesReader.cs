using Orlop.Cli.Manifests.Yaml;

namespace Orlop.Cli.Manifests;

/// <summary>Reads a container's requests and limits.</summary>
internal static class ResourcesReader
{
    public static ResourcesManifest Read(ManifestObject resources)
    {
        resources.Refuse("orlop run cannot serve it", "claims");
        var limits = ReadAmounts(resources, "limits");
        var requests = ReadAmounts(resources, "requests");
        resources.Close();

        foreach (var (resource, limit) in limits)
        {
            if (!requests.TryGetValue(resource, out var request))
                requests[resource] = limit;
            else if (request > limit)
                resources.Error("requests", $"the request of {resource} is larger than its limit");
        }

        return new ResourcesManifest { Limits = limits, Requests = requests };
    }

    private static Dictionary<string, Quantity> ReadAmounts(ManifestObject resources, string key)
    {
        var amounts = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        if (resources.Object(key) is not { } list)
            return amounts;

        foreach (string resource in list.Keys)
        {
            if (list.Quantity(resource) is not { } quantity)
                continue;

            if (resource is ResourcesManifest.Cpu or ResourcesManifest.Memory || resource.StartsWith(ResourcesManifest.HugepagesPrefix, StringComparison.Ordinal))
                amounts[resource] = quantity;
            else if (resource == "ephemeral-storage")
                list.Warning(resource, "orlop run does not enforce it");
            else
                list.Error(resource, "there is no such resource here; there are cpu, memory and hugepages-SIZE");
        }

        return amounts;
    }
}
