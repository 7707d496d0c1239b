namespace Orlop.Abstractions.Oci.Images;

/// <summary>An object without members, as the values of <c>ExposedPorts</c> and <c>Volumes</c> are.</summary>
public sealed record EmptyObject;
