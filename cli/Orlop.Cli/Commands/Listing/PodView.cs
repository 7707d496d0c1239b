namespace Orlop.Cli.Commands.Listing;

/// <summary>A pod in <c>pods --output json</c>; a pod in the host's network has no addresses of its own.</summary>
internal sealed record PodView(
    string Id, string Name, string Namespace, string Uid, uint Attempt, string State, IReadOnlyList<string> Addresses,
    int RunningContainers, int Containers, string Handler, string? CreatedAt,
    IDictionary<string, string> Labels, IDictionary<string, string> Annotations);
