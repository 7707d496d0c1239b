using System.Text;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;
using Orlop.Testing;

namespace Orlop.Linux.Tests.Supervisor;

/// <summary>A running supervisor with a connection to it. It is killed at the end, and when a test waits for it too long.</summary>
internal sealed class LiveSupervisor : IDisposable
{
    private static readonly TimeSpan Patience = Deadline.Seconds(90);

    private readonly Queue<ReceivedFrame> waiting = new();
    private readonly CancellationTokenSource watchdog;
    private readonly PidFd process;
    private uint lastId;

    public LiveSupervisor(CloneFlags namespaces = CloneFlags.None, string hostname = "", string[]? sysctls = null, string[]? environment = null, long sharedMemory = 0, bool onRecord = true, string? bornIn = null)
    {
        Folder = Directory.CreateTempSubdirectory("orlop-sup-").FullName;
        (SafeFileDescriptor read, SafeFileDescriptor write) = Sockets.Pipe();
        var arguments = new SupervisorArguments { Socket = SocketPath, Folder = Folder, Namespaces = namespaces, Hostname = hostname, Sysctls = sysctls ?? [], SharedMemory = sharedMemory };
        (SafeFileDescriptor waiting, SafeFileDescriptor going) = Sockets.Pipe();
        using (write)
        using (waiting)
        using (going)
        {
            ProcessId = bornIn is null
                ? Processes.Spawn(SupervisorFactAttribute.Binary, ["orlop-supervisor", .. arguments.ToArguments()], environment ?? [], newSession: true, (0, waiting), (1, write), (2, write))
                : Bear(bornIn, arguments, waiting, write);
            if (onRecord) FileSystem.Write(going, "\n"u8);
        }

        process = PidFd.Open(ProcessId);
        watchdog = new CancellationTokenSource(Patience);
        watchdog.Token.Register(() => process.Signal(Signals.Kill));
        using (read) StartupText = Encoding.UTF8.GetString(FileSystem.ReadAll(read));
        if (onRecord && StartupText.Length == 0) Connection = Connect();
    }

    public string Folder { get; }

    public string SocketPath => Path.Combine(Folder, "s.sock");

    public int ProcessId { get; }

    /// <summary>Of two that the supervisor was in turn, whether it is the second.</summary>
    public bool Reborn { get; private set; }

    /// <summary>Why it did not start; empty when it did.</summary>
    public string StartupText { get; }

    public SupervisorConnection Connection { get; } = null!;

    public SupervisorConnection Connect() => SupervisorConnection.Connect(SocketPath);

    /// <summary>A request and its first reply; what comes in between is kept.</summary>
    public ReceivedFrame Ask(Func<uint, ReadOnlyMemory<byte>> request, params IReadOnlyList<SafeFileDescriptor> descriptors)
    {
        uint id = ++lastId;
        Connection.Send(request(id), descriptors);
        return Take(frame => frame.Id == id);
    }

    /// <summary>A request that succeeds.</summary>
    public void Do(Func<uint, ReadOnlyMemory<byte>> request)
    {
        ReceivedFrame reply = Ask(request);
        reply.Kind.Should().Be(MessageKind.Done, reply.Kind == MessageKind.Error ? ErrorReply.Read(reply.Body).ToString() : "");
    }

    public void Do(MessageKind kind, string key = "") => Do(id => new KeyRequest(key).ToFrame(kind, id));

    /// <summary>A request that fails.</summary>
    public ErrorReply Fail(Func<uint, ReadOnlyMemory<byte>> request, params IReadOnlyList<SafeFileDescriptor> descriptors)
    {
        ReceivedFrame reply = Ask(request, descriptors);
        reply.Kind.Should().Be(MessageKind.Error);
        return ErrorReply.Read(reply.Body);
    }

    public Description Describe() => Description.Read(Ask(id => new WireWriter().Complete(MessageKind.Describe, id)).Body);

    public ProcessDescription Describe(string key) => Describe().Processes.Single(p => p.Key == key);

    /// <summary>Launches and expects a start.</summary>
    public LaunchedReply Launch(TestLaunch launch)
    {
        ReceivedFrame reply = TryLaunch(launch);
        reply.Kind.Should().Be(MessageKind.Launched, reply.Kind == MessageKind.Error ? launch.Explain(ErrorReply.Read(reply.Body)) : "");
        return LaunchedReply.Read(reply.Body);
    }

    public ReceivedFrame TryLaunch(TestLaunch launch)
    {
        (LaunchRequest request, IReadOnlyList<SafeFileDescriptor> descriptors) = launch.Build();
        return Ask(id => request.ToFrame(id, descriptors.Count), descriptors);
    }

    /// <summary>Launches an exec and takes all that comes of it.</summary>
    public (ExitNotice Exit, string Output, string Error) Exec(TestLaunch launch)
    {
        Launch(launch);
        uint id = lastId;
        var streams = new[] { new StringBuilder(), new StringBuilder() };
        while (true)
        {
            ReceivedFrame frame = Take(f => f.Id == id);
            if (frame.Kind == MessageKind.Exited) return (ExitNotice.Read(frame.Body), streams[0].ToString(), streams[1].ToString());
            OutputChunk chunk = OutputChunk.Read(frame.Body);
            streams[chunk.Stream - 1].Append(Encoding.UTF8.GetString(chunk.Data.Span));
        }
    }

    public ReceivedFrame TakeReply(uint id) => Take(f => f.Id == id);

    /// <summary>The next exit event of a process.</summary>
    public ExitNotice NextExit(string key) =>
        ExitNotice.Read(Take(f => f.Id == 0 && f.Kind == MessageKind.Exited && ExitNotice.Read(f.Body).Key == key).Body);

    public void Dispose()
    {
        Connection?.Dispose();
        if (!process.IsClosed) process.Signal(Signals.Kill);
        Processes.Wait(ProcessId, wait: true, out _);
        watchdog.Dispose();
        process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private int Bear(string cgroup, SupervisorArguments arguments, SafeFileDescriptor input, SafeFileDescriptor output)
    {
        (SafeFileDescriptor read, SafeFileDescriptor write) = Sockets.Pipe();
        using (read)
        {
            int first;
            using (write)
                first = Processes.Spawn(
                    SupervisorFactAttribute.Binary, ["orlop-supervisor", BirthArguments.Verb, cgroup, .. arguments.ToArguments()], [], newSession: true, (0, input), (1, output), (BirthArguments.Handover, write));
            string second = Encoding.UTF8.GetString(FileSystem.ReadAll(read));
            Reborn = second.Length > 0;
            if (!Reborn) return first;
            Processes.Wait(first, wait: true, out WaitStatus status);
            status.ExitCode.Should().Be(0);
            return int.Parse(second);
        }
    }

    private ReceivedFrame Take(Predicate<ReceivedFrame> wanted)
    {
        for (int i = waiting.Count; i > 0; i--)
        {
            ReceivedFrame kept = waiting.Dequeue();
            if (wanted(kept)) return kept;
            waiting.Enqueue(kept);
        }

        while (true)
        {
            ReceivedFrame frame = Connection.Receive() ?? throw new EndOfStreamException("the supervisor closed the connection");
            if (wanted(frame)) return frame;
            waiting.Enqueue(frame);
        }
    }
}
