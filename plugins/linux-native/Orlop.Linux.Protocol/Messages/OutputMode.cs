namespace Orlop.Linux.Protocol;

/// <summary>Where a process's standard output and error go.</summary>
internal enum OutputMode : byte
{
    /// <summary>Nowhere: both are /dev/null.</summary>
    Discard = 0,

    /// <summary>Into a log file in the CRI's format.</summary>
    Log = 1,

    /// <summary>Of an <see cref="ProcessKind.Exec"/>: to the client that launched it, as <see cref="OutputChunk"/>s up to a limit for each stream; the rest is read and dropped.</summary>
    Capture = 2,
}
