namespace Vendor.Plugin;

/// <summary>A layer on record.</summary>
/// <param name="ChainId">Its chain id.</param>
/// <param name="Parent">The layer below; null for the lowest.</param>
/// <param name="Folder">Its files, with overlayfs's marks for what it hides of the layers below.</param>
internal sealed record Layer(string ChainId, string? Parent, string Folder);
