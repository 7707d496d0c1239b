namespace Orlop.Cli.Manifests;

/// <summary>A seccomp or AppArmor profile.</summary>
/// <param name="Type">RuntimeDefault, Unconfined or Localhost.</param>
/// <param name="LocalhostProfile">The profile's name or path; empty unless the type is Localhost.</param>
internal sealed record ProfileManifest(string Type, string LocalhostProfile);
