namespace Orlop.Cli.Manifests;

/// <summary>A variable: a value in which <c>$(NAME)</c> is expanded, or a field of the pod, for example <c>status.podIP</c>.</summary>
internal sealed record EnvironmentManifest(string Name, string Value, string? FieldPath);
