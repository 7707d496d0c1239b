namespace Orlop.Cli.Manifests;

/// <summary>A pod's dnsConfig; options are written as in resolv.conf: <c>ndots:2</c>.</summary>
internal sealed record DnsManifest
{
    public IReadOnlyList<string> Nameservers { get; init; } = [];

    public IReadOnlyList<string> Searches { get; init; } = [];

    public IReadOnlyList<string> Options { get; init; } = [];
}
