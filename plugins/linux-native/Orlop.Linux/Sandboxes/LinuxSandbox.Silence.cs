using Orlop.Abstractions.Errors;

namespace Orlop.Linux.Sandboxes;

/// <summary>A supervisor that lives and does not answer: somebody stopped it, or the kernel holds it.</summary>
internal sealed partial class LinuxSandbox
{
    /// <summary>A supervisor answers at once; a disk that stalls may hold it for some seconds.</summary>
    public static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(20);

    /// <summary>Asks the supervisor for something that the pod can do without.</summary>
    public async Task AskAsync(Task request, CancellationToken cancellationToken)
    {
        try
        {
            await request.WaitAsync(AnswerDeadline, Parts.Time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw Silent(AnswerDeadline, e);
        }
    }

    /// <summary>Asks the supervisor to end something. One that is silent is ended itself, and its pod is lost with it: nobody could end the pod otherwise.</summary>
    public async Task InsistAsync(Task request, CancellationToken cancellationToken)
    {
        try
        {
            await request.WaitAsync(AnswerDeadline, Parts.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            await GiveUpAsync(AnswerDeadline, cancellationToken);
        }
    }

    /// <summary>Waits for a start, which has a limit of its own in the supervisor. One that is silent beyond it is ended.</summary>
    public async Task<T> AwaitStartAsync<T>(Task<T> start, TimeSpan limit)
    {
        TimeSpan deadline = limit + AnswerDeadline;
        try
        {
            return await start.WaitAsync(deadline, Parts.Time, CancellationToken.None);
        }
        catch (TimeoutException e)
        {
            await GiveUpAsync(deadline, CancellationToken.None);
            throw Silent(deadline, e);
        }
    }

    private async Task GiveUpAsync(TimeSpan silence, CancellationToken cancellationToken)
    {
        SandboxLog.Silent(Parts.Logger, Id, SupervisorProcessId, (int)silence.TotalSeconds);
        await SandboxRemains.EndSupervisorAsync(Parts, _record, cancellationToken);
    }

    private RuntimeException Silent(TimeSpan silence, TimeoutException cause) => RuntimeException.Unavailable(
        $"pod {Spec.Namespace}/{Spec.Name}: its supervisor {SupervisorProcessId} has not answered for {silence.TotalSeconds:0} s; see /proc/{SupervisorProcessId}/stack and the disk of the pod's logs, or stop the pod", cause);
}
