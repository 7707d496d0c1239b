namespace Orlop.Cli.Manifests;

/// <summary>An emptyDir, or a hostPath.</summary>
/// <param name="HostPath">Null for an emptyDir.</param>
/// <param name="HostPathType">Empty for no check, or DirectoryOrCreate, Directory, FileOrCreate, File, Socket, CharDevice, BlockDevice.</param>
internal sealed record VolumeManifest(string Name, string? HostPath, string HostPathType);
