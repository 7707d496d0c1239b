namespace Orlop.Cli.Manifests;

internal sealed record HostAlias(string Ip, IReadOnlyList<string> Hostnames);
