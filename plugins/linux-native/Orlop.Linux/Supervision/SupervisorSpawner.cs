using System.Globalization;
using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Kernel;
using Orlop.Linux.Mounting;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervision;

/// <summary>Starts supervisors.</summary>
internal sealed class SupervisorSpawner : IDisposable
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);
    private const int MaxMessage = 4096;

    /// <summary>Below every container of the pod: without its supervisor, a pod is lost.</summary>
    private const int OomScoreAdjust = -999;

    private readonly SafeFileDescriptor _program;
    private readonly Cgroup _cgroup;
    private readonly OwnProcess _own;
    private readonly TimeProvider _time;

    /// <param name="path">The program <c>orlop-supervisor</c>.</param>
    /// <param name="layout">The node's cgroups.</param>
    /// <param name="own">What we have ourselves.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="SyscallException">There is no such program.</exception>
    public SupervisorSpawner(string path, CgroupLayout layout, OwnProcess own, TimeProvider time)
    {
        // Executed from a read-only mount of its own: nobody can write to it through /proc/PID/exe (CVE-2019-5736).
        _program = Mounts.CloneTree(SafeFileDescriptor.CurrentDirectory, path, AtFlags.None);
        Mounts.SetAttributes(_program, "", AtFlags.EmptyPath, new MountAttributeChange { Set = MountAttributes.ReadOnly });
        _cgroup = new Cgroup(layout, CgroupPath.Supervisors);
        _own = own;
        _time = time;
    }

    /// <summary>Starts a supervisor and waits until its socket answers. It is our child, so that somebody has to wait for it once it ends.</summary>
    /// <param name="pod">The pod's id, for messages.</param>
    /// <param name="arguments">What it is told.</param>
    /// <param name="record">Puts its process id on record. Should we die before, it ends itself: a supervisor that no record names never lives (R6).</param>
    /// <param name="cancellationToken">Cancels and ends it.</param>
    /// <exception cref="RuntimeException">ResourceExhausted: it could not make the pod's namespaces; its own words are in the message.</exception>
    public async Task StartAsync(string pod, SupervisorArguments arguments, Action<int> record, CancellationToken cancellationToken)
    {
        // A thread of its own, which may enter the supervisors' cgroup: see Spawn.
        var spawned = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<string> words = Task.Factory.StartNew(() => Start(arguments, record, spawned), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAny(spawned.Task, words);
        if (words.IsFaulted && !spawned.Task.IsCompleted) await words; // nothing was spawned
        int pid = await spawned.Task;
        try
        {
            string failure = await words.WaitAsync(StartDeadline, _time, cancellationToken);
            if (failure.Length == 0) return;
            throw new RuntimeException(ErrorKind.ResourceExhausted, $"pod {pod}: its supervisor cannot start: {failure}");
        }
        catch (Exception e)
        {
            Libc.Kill(pid, Signals.Kill);
            await ReapAsync(pid, _time, CancellationToken.None);
            if (e is TimeoutException) throw new RuntimeException(ErrorKind.DeadlineExceeded, $"pod {pod}: its supervisor did not answer within {StartDeadline.TotalSeconds:0} s.", e);
            throw;
        }
    }

    /// <returns>What the supervisor said before it closed its output: nothing when it is ready.</returns>
    private string Start(SupervisorArguments arguments, Action<int> record, TaskCompletionSource<int> spawned)
    {
        _cgroup.Create();
        (SafeFileDescriptor reading, SafeFileDescriptor writing) = Sockets.Pipe();
        (SafeFileDescriptor waiting, SafeFileDescriptor going) = Sockets.Pipe();
        using (reading)
        using (waiting)
        using (going)
        {
            using (writing)
            {
                int pid = Spawn(arguments.ToArguments(), waiting, writing, out bool entered);
                spawned.SetResult(pid);
                if (!entered) _cgroup.Enter(pid);
                ProtectFromOom(pid);
                record(pid);
                FileSystem.Write(going, "\n"u8); // whether or not it still lives: we hold the other end too
            }
            return ReadWords(reading);
        }
    }

    /// <param name="arguments">Of the supervisor.</param>
    /// <param name="input">Its standard input.</param>
    /// <param name="output">Its standard output and error.</param>
    /// <param name="entered">Whether it is in the supervisors' cgroup from the start.</param>
    /// <returns>The id of our child.</returns>
    private int Spawn(IReadOnlyList<string> arguments, SafeFileDescriptor input, SafeFileDescriptor output, out bool entered)
    {
        // The calling thread is there for nothing else: on v1 it goes ahead.
        entered = _cgroup.TryEnterThread();
        using CgroupEntrance? entrance = entered ? null : _cgroup.OpenEntrance(Environment.ProcessId);
        if (entrance?.Folder is null) return Spawn(arguments, (0, input), (1, output), (2, output));
        (SafeFileDescriptor reading, SafeFileDescriptor writing) = Sockets.Pipe();
        using (reading)
        {
            int pid;
            using (writing) pid = Spawn([BirthArguments.Verb, _cgroup.TrackingFolder, .. arguments], (0, input), (1, output), (BirthArguments.Handover, writing));
            entered = int.TryParse(ReadWords(reading), NumberStyles.None, CultureInfo.InvariantCulture, out int child);
            if (!entered) return pid;
            Processes.Wait(pid, wait: true, out _);
            return child;
        }
    }

    private int Spawn(IReadOnlyList<string> arguments, params (int, SafeFileDescriptor)[] descriptors) =>
        Processes.Spawn($"/proc/self/fd/{_program.Number}", ["orlop-supervisor", .. arguments], [], newSession: true, descriptors);

    /// <summary>Starts a process that touches paths in our place.</summary>
    /// <param name="stopping">Ends the waiting for its end.</param>
    public PathHelper StartPathHelper(CancellationToken stopping)
    {
        (SafeFileDescriptor ours, SafeFileDescriptor its) = Sockets.Pair();
        using (its) return new PathHelper(Spawn([PathHelperArguments.Verb], (PathHelperArguments.Socket, its)), ours, _time, stopping);
    }

    /// <summary>Waits for a supervisor that ends. Returns at once when it is not our child: a host before us started it, and init reaps it.</summary>
    public static async Task ReapAsync(int pid, TimeProvider time, CancellationToken cancellationToken)
    {
        for (TimeSpan pause = TimeSpan.FromMilliseconds(1); Processes.Wait(pid, wait: false, out _) == 0; pause = pause * 2 < TimeSpan.FromSeconds(1) ? pause * 2 : TimeSpan.FromSeconds(1))
            await Task.Delay(pause, time, cancellationToken);
    }

    public void Dispose() => _program.Dispose();

    private void ProtectFromOom(int pid)
    {
        int score = _own.CanRaiseLimits ? OomScoreAdjust : Math.Max(OomScoreAdjust, _own.OomScoreAdjust);
        if (score != _own.OomScoreAdjust) CgroupFile.Write($"/proc/{pid}/oom_score_adj", score.ToString(CultureInfo.InvariantCulture));
    }

    private static string ReadWords(SafeFileDescriptor reading) => Encoding.UTF8.GetString(FileSystem.ReadAll(reading, MaxMessage)).Trim();
}
