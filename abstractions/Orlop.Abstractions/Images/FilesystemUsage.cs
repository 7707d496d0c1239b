namespace Orlop.Abstractions.Images;

/// <summary>What something takes on a file system; CRI <c>FilesystemUsage</c>.</summary>
/// <param name="At">When it was counted.</param>
/// <param name="Mountpoint">A folder on that file system.</param>
/// <param name="UsedBytes">Bytes on disk.</param>
/// <param name="Inodes">Files and folders.</param>
public sealed record FilesystemUsage(DateTimeOffset At, string Mountpoint, long UsedBytes, long Inodes);
