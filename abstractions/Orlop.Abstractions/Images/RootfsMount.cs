namespace Orlop.Abstractions.Images;

/// <summary>One mount that makes up a root file system. Nobody mounts it but the backend, in a mount namespace of its own.</summary>
/// <param name="Type"><c>overlay</c>, <c>bind</c>, <c>erofs</c>, or <c>windows-layer</c>.</param>
/// <param name="Source">The source: a folder for <c>bind</c>, a device or image file, or the type's name; the scratch folder for <c>windows-layer</c>.</param>
/// <param name="Options">Options as mount(8) writes them, for example <c>lowerdir+=/a</c> (one for each lower folder, top-most first), <c>upperdir=/b</c>, <c>ro</c>;
/// for <c>windows-layer</c> one <c>layer=C:\folder</c> for each read-only layer, top-most first.</param>
public sealed record RootfsMount(string Type, string Source, IReadOnlyList<string> Options);
