namespace Orlop.Cli.Manifests;

/// <param name="SubPath">A relative path within the volume; empty for the volume itself.</param>
/// <param name="SubPathExpression">Like SubPath, with <c>$(NAME)</c> expanded from the container's environment.</param>
/// <param name="Propagation">None, HostToContainer or Bidirectional.</param>
/// <param name="RecursiveReadOnly">Disabled, IfPossible or Enabled.</param>
internal sealed record MountManifest(
    string Volume, string MountPath, bool ReadOnly, string SubPath, string SubPathExpression, string Propagation, string RecursiveReadOnly);
