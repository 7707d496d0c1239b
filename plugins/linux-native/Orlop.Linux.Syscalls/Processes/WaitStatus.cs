namespace Orlop.Linux.Syscalls;

/// <summary>How a process ended, as in the status of wait(2).</summary>
/// <param name="Raw">The kernel's word.</param>
public readonly record struct WaitStatus(int Raw)
{
    /// <summary>The signal that ended it; 0 when it exited by itself.</summary>
    public int Signal => Raw & 0x7f;

    /// <summary>What a shell shows: its exit code, or 128 + n after signal n.</summary>
    public int ExitCode => Signal == 0 ? (Raw >> 8) & 0xff : 128 + Signal;
}
