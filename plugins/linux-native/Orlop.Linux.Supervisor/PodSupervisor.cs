using Orlop.Linux.Supervisor.Clients;
using Orlop.Linux.Supervisor.Loop;
using Orlop.Linux.Supervisor.Processes;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor;

/// <summary>The loop: one thread, one pod. It ends when it is told to, and for no other reason.</summary>
internal sealed class PodSupervisor : IDisposable
{
    private const int MaxClients = 64;
    private const int IdleMilliseconds = 500;      // of nothing to do, before memory is given back
    private const int OrphanMilliseconds = 5000;   // between looks for children that were left to us
    private const int ShutdownMilliseconds = 10_000;
    private const long GarbageWhenIdle = 32 << 10; // bytes that are worth a collection when there is nothing else to do
    private const long GarbageWhenBusy = 1 << 20;  // and at any time: the collector's own budget grows with the machine's caches

    private readonly LoopContext loop;
    private readonly Pod pod;
    private readonly RequestHandler handler;
    private readonly Listener listener;
    private long collectedAt; // allocated bytes at the last collection
    private bool idle = true;

    /// <summary>Takes over everything.</summary>
    public PodSupervisor(SafeFileDescriptor listening, SafeFileDescriptor nullDevice, ExitRecorder recorder, CloneFlags namespaces)
    {
        loop = new LoopContext(nullDevice);
        pod = new Pod(loop, recorder);
        handler = new RequestHandler(pod, loop, namespaces);
        listener = new Listener(listening, loop, Accept);
        loop.Poller.Watch(loop.Launches.Descriptor, pod);
    }

    /// <summary>Runs until the end.</summary>
    public void Run()
    {
        long orphansAt = Clock.Ticks + OrphanMilliseconds, endAt = long.MaxValue;
        while (true)
        {
            if (handler.ShuttingDown)
            {
                if (endAt == long.MaxValue) endAt = Clock.Ticks + ShutdownMilliseconds;
                if (!pod.Busy || Clock.Ticks >= endAt) return;
            }

            long next = Math.Min(Math.Min(pod.NextDeadline(), listener.RetryAt), endAt);
            if (pod.MayHaveOrphans) next = Math.Min(next, orphansAt);
            if (!idle) next = Math.Min(next, Clock.Ticks + IdleMilliseconds);
            bool worked = loop.Poller.Wait(next == long.MaxValue ? -1 : (int)Math.Clamp(next - Clock.Ticks, 0, int.MaxValue), loop.Faults);

            pod.CheckDeadlines();
            if (Clock.Ticks >= listener.RetryAt) listener.Retry();
            if (Clock.Ticks >= orphansAt)
            {
                pod.ReapOrphans();
                orphansAt = Clock.Ticks + OrphanMilliseconds;
            }

            if (worked) idle = false;
            else if (!idle && !pod.Starting) GiveMemoryBack();
            CollectGarbage(GarbageWhenBusy);
        }
    }

    public void Dispose()
    {
        pod.Dispose();
        listener.Dispose();
        loop.Dispose();
    }

    private void Accept(SafeFileDescriptor connection)
    {
        if (pod.ClientCount < MaxClients)
        {
            pod.Add(new Client(connection, loop, handler));
            return;
        }

        loop.Faults.Add($"refused a client: there are {MaxClients}");
        connection.Dispose();
    }

    // A supervisor does nothing most of its life, and there is one for each pod.
    private void GiveMemoryBack()
    {
        idle = true;
        loop.ReleaseBuffers();
        foreach (ManagedProcess process in pod.Processes) process.Trim();
        CollectGarbage(GarbageWhenIdle);
    }

    // Not while something starts: a collection has to wait until the child has left its program, and the loop would wait with it.
    private void CollectGarbage(long limit)
    {
        long allocated = GC.GetTotalAllocatedBytes();
        if (allocated - collectedAt < limit || pod.Starting) return;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        collectedAt = allocated;
    }
}
