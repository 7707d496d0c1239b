using Orlop.Cri.V1;

namespace Orlop.Cli.Pods;

/// <summary>A pod whose sandbox runs: where its containers are made.</summary>
internal sealed record StartedPod(
    string Id, IReadOnlyList<string> Addresses, PodSandboxConfig Config, IReadOnlyDictionary<string, Image> Images, ContainerConfigBuilder Builder,
    PodFolders Folders)
{
    /// <summary>The newest container of each name.</summary>
    public Dictionary<string, string> ContainerIds { get; } = new(StringComparer.Ordinal);
}
