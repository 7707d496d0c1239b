namespace Orlop.Linux.Protocol;

/// <summary>The protocol's version; in <see cref="Description.Version"/>.</summary>
internal static class ProtocolVersion
{
    /// <summary>Raised when a message kind or a field is added. Kinds and fields are never removed and never change their meaning.</summary>
    public const int Current = 2;
}
