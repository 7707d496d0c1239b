using Orlop.Linux.Protocol;
using Orlop.Linux.Supervisor.Loop;
using Orlop.Linux.Supervisor.Processes;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Clients;

/// <summary>Turns requests into what the pod does. Every request is answered; a bad one with an error.</summary>
internal sealed class RequestHandler(Pod pod, LoopContext loop, CloneFlags namespaces) : IRequestHandler
{
    private readonly long startedAt = Clock.Now();

    /// <summary>Whether the supervisor was told to end.</summary>
    public bool ShuttingDown { get; private set; }

    public void Handle(Client client, Frame frame, ReadOnlySpan<byte> body, SafeFileDescriptor[] descriptors)
    {
        bool taken = false;
        try
        {
            ErrorReply? error = frame.Kind switch
            {
                MessageKind.Describe => Describe(client, frame.Id),
                MessageKind.Launch => Launch(client, frame.Id, LaunchRequest.Read(body), descriptors, out taken),
                MessageKind.Signal => Signal(SignalRequest.Read(body)),
                MessageKind.Kill => Kill(KeyRequest.Read(body).Key),
                MessageKind.ReopenLog => ReopenLog(KeyRequest.Read(body).Key),
                MessageKind.Forget => Forget(KeyRequest.Read(body).Key),
                MessageKind.Subscribe => Subscribe(client),
                MessageKind.OpenInput => OpenInput(client, frame.Id, KeyRequest.Read(body).Key),
                MessageKind.CloseInput => CloseInput(KeyRequest.Read(body).Key),
                MessageKind.Shutdown => Shutdown(ShutdownRequest.Read(body)),
                _ => new ErrorReply(Errno.ENOSYS, -1, $"message kind {(int)frame.Kind}"),
            };
            if (error is { Errno: 0 }) client.Send(new WireWriter().Complete(MessageKind.Done, frame.Id).Span);
            else if (error is { } reply) client.Send(reply.ToFrame(frame.Id).Span);
        }
        catch (ProtocolException e)
        {
            client.Send(new ErrorReply(Errno.EPROTO, -1, e.Message).ToFrame(frame.Id).Span);
        }
        catch (SyscallException e)
        {
            client.Send(new ErrorReply(e.Errno, -1, e.Message).ToFrame(frame.Id).Span);
        }
        catch (Exception e)
        {
            loop.Faults.Add(e);
            client.Send(new ErrorReply(Errno.EIO, -1, $"{e.GetType().Name}: {e.Message}").ToFrame(frame.Id).Span);
        }
        finally
        {
            if (!taken)
            {
                foreach (SafeFileDescriptor descriptor in descriptors) descriptor.Dispose();
            }
        }
    }

    public void ClientGone(Client client) => pod.ClientGone(client);

    // An error to send; Done to say that all is well; null when the answer has been sent or comes later.
    private static ErrorReply Done => new(0, -1, "");

    private static ErrorReply Unknown(string key) => new(Errno.ESRCH, -1, $"no process \"{key}\"");

    private ErrorReply? Describe(Client client, uint id)
    {
        var described = new List<ProcessDescription>(pod.Processes.Count);
        foreach (ManagedProcess process in pod.Processes) described.Add(process.Describe());
        client.Send(new Description
        {
            Version = ProtocolVersion.Current,
            ProcessId = Environment.ProcessId,
            StartedAt = startedAt,
            Namespaces = (int)namespaces,
            Processes = described,
            Collections = GC.CollectionCount(0),
            Faults = loop.Faults.Count,
            LastFault = loop.Faults.Last,
        }.ToFrame(id).Span);
        return null;
    }

    private ErrorReply? Launch(Client client, uint id, LaunchRequest request, SafeFileDescriptor[] descriptors, out bool taken)
    {
        taken = false;
        if (ShuttingDown) return new ErrorReply(Errno.ESHUTDOWN, -1, "the supervisor is shutting down");
        if (pod.Find(request.Key) is not null) return new ErrorReply(Errno.EEXIST, -1, $"\"{request.Key}\" exists");
        ManagedProcess? target = null;
        if (request.Target.Length > 0)
        {
            target = pod.Find(request.Target);
            if (target?.PidFd is null) return new ErrorReply(Errno.ESRCH, -1, $"\"{request.Target}\" does not run");
        }

        pod.Add(new ManagedProcess(request, id, descriptors, target, client, loop, pod));
        taken = true;
        return null;
    }

    private ErrorReply? Signal(SignalRequest request)
    {
        if (request.Signal is < 1 or > Signals.RealTimeMax) return new ErrorReply(Errno.EINVAL, -1, $"signal {request.Signal}");
        if (pod.Find(request.Key) is not { } process) return Unknown(request.Key);
        int errno = process.Signal(request.Signal);
        return errno == 0 ? Done : new ErrorReply(errno, -1, $"\"{request.Key}\" does not run");
    }

    private ErrorReply? Kill(string key)
    {
        if (key.Length == 0) pod.Kill();
        else pod.Find(key)?.Kill();
        return Done;
    }

    private ErrorReply? ReopenLog(string key)
    {
        if (pod.Find(key) is not { } process) return Unknown(key);
        if (process.Ended) return new ErrorReply(Errno.ESRCH, -1, $"\"{key}\" has ended");
        process.ReopenLog();
        return Done;
    }

    private ErrorReply? Forget(string key)
    {
        if (pod.Find(key) is { Ended: false }) return new ErrorReply(Errno.EBUSY, -1, $"\"{key}\" has not ended");
        if (!ProcessKey.IsValid(key)) return new ErrorReply(Errno.EINVAL, -1, $"\"{key}\" is no key");
        pod.Forget(key);
        return Done;
    }

    private static ErrorReply? Subscribe(Client client)
    {
        client.Subscribed = true;
        return Done;
    }

    private ErrorReply? OpenInput(Client client, uint id, string key)
    {
        if (pod.Find(key) is not { } process) return Unknown(key);
        if (process.Input is not { } input) return new ErrorReply(Errno.ENXIO, -1, $"\"{key}\" has no open input");
        client.Send(new WireWriter().Complete(MessageKind.Done, id, descriptors: 1).Span, input);
        return null;
    }

    private ErrorReply? CloseInput(string key)
    {
        if (pod.Find(key) is not { } process) return Unknown(key);
        process.CloseInput();
        return Done;
    }

    private ErrorReply? Shutdown(ShutdownRequest request)
    {
        if (pod.Busy && !request.Kill) return new ErrorReply(Errno.EBUSY, -1, "something runs");
        ShuttingDown = true;
        pod.Kill();
        return null;
    }
}
