namespace Orlop.Cli.Manifests;

internal sealed record SeLinuxManifest(string User, string Role, string Type, string Level);
