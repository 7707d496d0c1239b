namespace Orlop.Cni.Attachments;

/// <summary>What the store knows of a sandbox.</summary>
/// <param name="Attachment">Its attachment, or null.</param>
/// <param name="IsCorrupt">There was a record, which cannot be read and is now in quarantine.</param>
internal sealed record AttachmentLookup(Attachment? Attachment, bool IsCorrupt)
{
    /// <summary>The sandbox was never attached, or is detached.</summary>
    public static AttachmentLookup Nothing { get; } = new(null, IsCorrupt: false);

    public static AttachmentLookup Corrupt { get; } = new(null, IsCorrupt: true);
}
