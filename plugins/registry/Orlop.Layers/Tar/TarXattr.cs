namespace Orlop.Layers.Tar;

/// <summary>An extended attribute; xattr(7). Values are bytes: a file capability or an ACL is no text.</summary>
internal sealed record TarXattr(byte[] Name, byte[] Value);
