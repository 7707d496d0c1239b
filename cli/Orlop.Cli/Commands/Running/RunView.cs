namespace Orlop.Cli.Commands.Running;

/// <summary>The answer of <c>run --detach --output json</c>.</summary>
/// <param name="Containers">The ids by name; of init containers too.</param>
internal sealed record RunView(
    string PodId, string Name, string Namespace, string Uid, IReadOnlyList<string> Addresses, IReadOnlyDictionary<string, string> Containers);
