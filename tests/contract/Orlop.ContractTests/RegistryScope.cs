using Orlop.PluginContracts;
using Orlop.Registry;

namespace Orlop.ContractTests;

internal static class RegistryScope
{
    public static PluginScope Create(string hostsFolder) => new(() => new RegistryModule())
    {
        Settings =
        {
            ["hosts_folders"] = (IReadOnlyList<string>)[hostsFolder],
            ["pinned_images"] = (IReadOnlyList<string>)[],
            ["max_concurrent_downloads"] = 3L,
        },
    };
}
