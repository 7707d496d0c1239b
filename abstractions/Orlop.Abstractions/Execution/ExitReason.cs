namespace Orlop.Abstractions.Execution;

/// <summary>Why a container ended; becomes CRI <c>ContainerStatus.reason</c>.</summary>
public enum ExitReason
{
    /// <summary>Exit code 0: <c>Completed</c>.</summary>
    Completed,

    /// <summary>Another exit code, or a signal: <c>Error</c>.</summary>
    Error,

    /// <summary>The kernel killed it for its memory: <c>OOMKilled</c>.</summary>
    OutOfMemory,

    /// <summary>It could not be started, exit code 128: <c>StartError</c>.</summary>
    StartFailed,

    /// <summary>Its supervisor is gone and nobody knows, exit code 255: <c>Unknown</c>.</summary>
    Lost,

    /// <summary>Its seccomp filter killed it, exit code 159: <c>seccomp killed</c>, as CRI-O says.</summary>
    SeccompKilled,
}
