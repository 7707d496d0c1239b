using Orlop.Linux.Protocol;
using Orlop.Linux.Supervisor.Clients;
using Orlop.Linux.Supervisor.Loop;
using Orlop.Linux.Supervisor.Processes;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor;

/// <summary>The pod's processes and who wants to know of them.</summary>
internal sealed class Pod(LoopContext loop, ExitRecorder recorder) : IProcessOwner, IEventSource, IDisposable
{
    private readonly Dictionary<string, ManagedProcess> processes = new(StringComparer.Ordinal);
    private readonly List<Client> clients = [];

    public IReadOnlyCollection<ManagedProcess> Processes => processes.Values;

    public int ClientCount => clients.Count;

    /// <summary>Whether something starts, runs or has output to drain.</summary>
    public bool Busy
    {
        get
        {
            foreach (ManagedProcess process in processes.Values)
            {
                if (!process.Ended) return true;
            }

            return false;
        }
    }

    /// <summary>Whether a thread starts something: then no collection of garbage, which would have to wait for it.</summary>
    public bool Starting
    {
        get
        {
            foreach (ManagedProcess process in processes.Values)
            {
                if (process.State == ProcessState.Starting) return true;
            }

            return false;
        }
    }

    public void Add(Client client) => clients.Add(client);

    /// <summary>Whether processes whose parent has gone may become our children: not those of pid namespaces, which have a first process of their own.</summary>
    public bool MayHaveOrphans { get; private set; }

    public void Add(ManagedProcess process)
    {
        processes.Add(process.Key, process);
        MayHaveOrphans |= process.InNodePidNamespace;
    }

    public ManagedProcess? Find(string key) => processes.GetValueOrDefault(key);

    /// <summary>A launch is through.</summary>
    public void OnReady(uint events)
    {
        loop.Launches.Answer();
        foreach (ManagedProcess process in Snapshot()) process.CompleteStart();
    }

    /// <summary>The next moment, in <see cref="Clock.Ticks"/>, at which <see cref="CheckDeadlines"/> has something to do.</summary>
    public long NextDeadline()
    {
        long next = long.MaxValue;
        foreach (ManagedProcess process in processes.Values) next = Math.Min(next, process.Deadline);
        return next;
    }

    public void CheckDeadlines()
    {
        long now = Clock.Ticks;
        if (NextDeadline() > now) return;
        foreach (ManagedProcess process in Snapshot())
        {
            if (process.Deadline <= now) process.DeadlinePassed();
        }
    }

    /// <summary>Waits for children that are no process of the pod's but were left to us, their nearest subreaper.</summary>
    public void ReapOrphans()
    {
        while (Syscalls.Processes.FindExited() is var pid && pid > 0)
        {
            _ = Syscalls.Processes.Wait(pid, wait: false, out WaitStatus status);
            foreach (ManagedProcess process in Snapshot())
            {
                if (process.ProcessId == pid) process.HasExited(status);
            }
        }
    }

    public void Kill()
    {
        foreach (ManagedProcess process in Snapshot()) process.Kill();
    }

    /// <summary>Forgets an ended process and its record.</summary>
    /// <exception cref="SyscallException">The record cannot be deleted.</exception>
    public void Forget(string key)
    {
        processes.Remove(key);
        recorder.Delete(key);
    }

    public void ClientGone(Client client)
    {
        clients.Remove(client);
        foreach (ManagedProcess process in Snapshot())
        {
            if (process.Kind == ProcessKind.Exec && process.Client == client) process.Kill();
        }
    }

    public void Record(string key, ExitRecord record)
    {
        try
        {
            recorder.Write(key, record);
        }
        catch (SyscallException e)
        {
            loop.Faults.Add(e); // it is still announced, and described as long as we live
        }
    }

    public void Started(ManagedProcess process, LaunchedReply reply) => process.Client.Send(reply.ToFrame(process.RequestId).Span);

    public void Failed(ManagedProcess process, ErrorReply reply)
    {
        processes.Remove(process.Key);
        process.Client.Send(reply.ToFrame(process.RequestId).Span);
    }

    public void Exited(ManagedProcess process)
    {
        if (process.Kind == ProcessKind.Exec)
        {
            processes.Remove(process.Key);
            process.Client.Send(process.Notice().ToFrame(process.RequestId).Span);
            return;
        }

        ReadOnlyMemory<byte> frame = process.Notice().ToFrame(id: 0);
        for (int i = clients.Count - 1; i >= 0; i--) // sending may drop the client
        {
            if (clients[i].Subscribed) clients[i].Send(frame.Span);
        }
    }

    public void Dispose()
    {
        foreach (ManagedProcess process in processes.Values) process.Dispose();
        foreach (Client client in clients) client.Dispose();
        recorder.Dispose();
    }

    // What a process does may remove it, or others, from the table.
    private ManagedProcess[] Snapshot() => [.. processes.Values];
}
