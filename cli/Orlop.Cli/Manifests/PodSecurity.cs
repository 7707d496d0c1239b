namespace Orlop.Cli.Manifests;

/// <summary>A pod's security context.</summary>
internal sealed record PodSecurity : SharedSecurity
{
    public IReadOnlyList<long> SupplementalGroups { get; init; } = [];

    /// <summary>Merge or Strict.</summary>
    public string SupplementalGroupsPolicy { get; init; } = "Merge";

    public long? FsGroup { get; init; }

    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
