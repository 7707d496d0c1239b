using Orlop.Linux.Protocol;

namespace Orlop.Linux.Supervision;

/// <summary>A request and what comes back for it: one reply, and for a captured process its output and its end.</summary>
internal sealed class Exchange(uint id, MessageKind kind, Action<OutputChunk>? onOutput)
{
    private readonly TaskCompletionSource<ReceivedFrame> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ReceivedFrame> _last = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public uint Id => id;

    /// <summary>The first answer; faulted with a <see cref="SupervisorException"/> when it is an error.</summary>
    public Task<ReceivedFrame> Reply => _reply.Task;

    /// <summary>The end of a captured process.</summary>
    public Task<ReceivedFrame> Last => _last.Task;

    /// <summary>Takes a frame of this exchange.</summary>
    /// <returns>Whether it was the last one.</returns>
    public bool Take(ReceivedFrame frame)
    {
        switch (frame.Kind)
        {
            case MessageKind.Error:
                Fail(new SupervisorException(kind, ErrorReply.Read(frame.Body)));
                return true;
            case MessageKind.Output:
                onOutput?.Invoke(OutputChunk.Read(frame.Body));
                return false;
            case MessageKind.Exited:
                _last.TrySetResult(frame);
                return true;
            default:
                _reply.TrySetResult(frame);
                return onOutput is null;
        }
    }

    public void Fail(Exception error)
    {
        if (!_reply.TrySetException(error)) _last.TrySetException(error);
        _ = (_reply.Task.Exception, _last.Task.Exception); // seen: nobody may be waiting
    }
}
