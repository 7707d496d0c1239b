using System.Text;

namespace Orlop.Layers.Tar;

/// <summary>One entry of an archive, its extended headers applied. Names are bytes: nothing says that they are UTF-8.</summary>
internal sealed class TarEntry
{
    /// <summary>As the archive has it, also with leading or trailing slashes.</summary>
    public required byte[] Name { get; init; }

    /// <summary>The target of a link; empty otherwise.</summary>
    public required byte[] LinkName { get; init; }

    public required TarEntryType Type { get; init; }

    /// <summary>Permission bits with set-user-id, set-group-id and sticky bit: 07777 at most.</summary>
    public required uint Mode { get; init; }

    public required uint Uid { get; init; }

    public required uint Gid { get; init; }

    /// <summary>Bytes of the file, holes included; 0 for everything that is no file.</summary>
    public required long Size { get; init; }

    /// <summary>Seconds since the epoch, rounded down.</summary>
    public required long ModifiedSeconds { get; init; }

    /// <summary>0 to 999,999,999.</summary>
    public required int ModifiedNanoseconds { get; init; }

    public uint DeviceMajor { get; init; }

    public uint DeviceMinor { get; init; }

    public IReadOnlyList<TarXattr> Xattrs { get; init; } = [];

    /// <summary>Where a file with holes has data, in ascending order; null for a file without holes.</summary>
    public IReadOnlyList<SparseSegment>? Segments { get; init; }

    /// <summary>The name for a message: bytes that are no UTF-8 are shown as U+FFFD.</summary>
    public string DisplayName => Encoding.UTF8.GetString(Name);
}
