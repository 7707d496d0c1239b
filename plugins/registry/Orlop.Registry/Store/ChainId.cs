using System.Text;
using Orlop.Layers.Digests;

namespace Orlop.Registry.Store;

/// <summary>Names of stacks of layers; OCI image spec, config.md, "Layer ChainID".</summary>
internal static class ChainId
{
    /// <summary>The chain id of each layer with all below it, the lowest first.</summary>
    public static IReadOnlyList<string> OfAll(IReadOnlyList<string> diffIds)
    {
        var chains = new List<string>(diffIds.Count);
        foreach (string diffId in diffIds)
            chains.Add(chains.Count == 0 ? diffId : Digest.Of(Encoding.ASCII.GetBytes($"{chains[^1]} {diffId}")).ToString());
        return chains;
    }
}
