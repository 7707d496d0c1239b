using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Lifecycle;

namespace Orlop.Abstractions.Execution;

/// <summary>A container that exists: created, running or exited.</summary>
public interface IContainer
{
    /// <summary>Its id.</summary>
    string Id { get; }

    /// <summary>Who its process is, as looked up inside the image; null on Windows, which has no such ids.</summary>
    ContainerUser? User { get; }

    /// <summary>The process id in the node's namespace; null before the start and after the end.</summary>
    int? ProcessId { get; }

    /// <summary>Completes when the process has ended and its output is in the log.</summary>
    Task<ContainerExit> Exit { get; }

    /// <summary>Starts the process.</summary>
    /// <returns>When it was started.</returns>
    /// <exception cref="RuntimeException">The process could not be started: the message names the command and the errno. The container counts as exited then.</exception>
    Task<DateTimeOffset> StartAsync(IPhase phase, CancellationToken cancellationToken);

    /// <summary>Sends a signal to the first process. No error when it has ended.</summary>
    /// <param name="signal">A name of signal(7): <c>SIGTERM</c>, <c>SIGRTMIN+3</c>; on Windows also a console control event: <c>CTRLC</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task SignalAsync(string signal, CancellationToken cancellationToken);

    /// <summary>Kills every process of the container. No error when there is none.</summary>
    Task KillAsync(CancellationToken cancellationToken);

    /// <summary>Runs a command in the container and collects its output.</summary>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.DeadlineExceeded"/> when its timeout passed; its processes are gone then.
    /// <see cref="ErrorKind.FailedPrecondition"/> when the container does not run.</exception>
    Task<ExecResult> ExecAsync(ExecSpec spec, CancellationToken cancellationToken);

    /// <summary>Opens the log file anew, after the kubelet has renamed it. The new file exists on return.</summary>
    Task ReopenLogAsync(CancellationToken cancellationToken);

    /// <summary>Kills what runs and releases what the container holds, but not its snapshot and its log. Idempotent.</summary>
    Task RemoveAsync(IPhase phase, CancellationToken cancellationToken);
}
