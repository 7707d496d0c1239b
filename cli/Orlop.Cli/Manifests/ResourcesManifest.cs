namespace Orlop.Cli.Manifests;

/// <summary>Requests and limits by resource: <c>cpu</c>, <c>memory</c>, <c>hugepages-2Mi</c>.</summary>
internal sealed record ResourcesManifest
{
    public const string Cpu = "cpu";
    public const string Memory = "memory";
    public const string HugepagesPrefix = "hugepages-";

    public IReadOnlyDictionary<string, Quantity> Limits { get; init; } = new Dictionary<string, Quantity>(StringComparer.Ordinal);

    /// <summary>A request that is not stated is the limit, as the API server sets it.</summary>
    public IReadOnlyDictionary<string, Quantity> Requests { get; init; } = new Dictionary<string, Quantity>(StringComparer.Ordinal);

    public Quantity Limit(string resource) => Limits.GetValueOrDefault(resource);

    public Quantity Request(string resource) => Requests.GetValueOrDefault(resource);
}
