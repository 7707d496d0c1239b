using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Lifecycle;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Kernel;
using Orlop.Linux.Protocol;
using Orlop.Linux.Supervision;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Sandboxes;

internal sealed partial class LinuxSandbox
{
    private const long SharedMemorySize = 64 << 20;

    public static async Task<LinuxSandbox> CreateAsync(SandboxSpec spec, BackendParts parts, IPhase phase, CancellationToken cancellationToken)
    {
        Check(spec);
        IReadOnlyList<Sysctl> sysctls = Sysctl.Plan(spec);
        var sandbox = new LinuxSandbox(spec, parts, new SandboxRecordFile { Id = spec.Id, PodCgroup = CgroupPath.OfPod(spec), OwnsPodCgroup = spec.CgroupParent.Length == 0 });
        try
        {
            await sandbox.StartAsync(sysctls, phase, cancellationToken);
            return sandbox;
        }
        catch (Exception e)
        {
            sandbox._stopping = true;
            if (sandbox.Client is { } client) await client.DisposeAsync();
            await TakeBackAsync(parts, $"pod {spec.Namespace}/{spec.Name} ({spec.Id})", () => SandboxRemains.RemoveAsync(parts, sandbox._record, [], CancellationToken.None));
            if (e is SyscallException or SupervisorException or IOException)
                throw new RuntimeException(ErrorKind.ResourceExhausted, $"pod {spec.Namespace}/{spec.Name}: cannot make the sandbox: {e.Message}", e);
            throw;
        }
    }

    /// <summary>After a failure, which the caller is told of: what stays is on record, and the reconciliation finds it.</summary>
    private static async Task TakeBackAsync(BackendParts parts, string what, Func<Task> release)
    {
        try
        {
            await release();
        }
        catch (Exception e) when (e is RuntimeException or SyscallException or IOException or UnauthorizedAccessException)
        {
            SandboxLog.TakeBackFailed(parts.Logger, what, e.Message);
        }
    }

    private static void Check(SandboxSpec spec)
    {
        if (spec.Network is not (NamespaceMode.Pod or NamespaceMode.Node)) throw Unserved("network", spec.Network);
        if (spec.Ipc is not (NamespaceMode.Pod or NamespaceMode.Node)) throw Unserved("ipc", spec.Ipc);
        if (spec.Pid is NamespaceMode.Target) throw Unserved("pid", spec.Pid);
        if (Encoding.UTF8.GetByteCount(spec.Hostname) is > 64 and var bytes) throw RuntimeException.InvalidArgument($"host name '{spec.Hostname}' has {bytes} bytes; the kernel takes 64.");
        if (spec.Hostname.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '/'))
            throw RuntimeException.InvalidArgument($"host name '{spec.Hostname}' holds a character that no host name has: white space, '/' or a control character.");
        // Each is a word of a line of resolv.conf(5).
        if (spec.Dns.Servers.Concat(spec.Dns.Searches).Concat(spec.Dns.Options).FirstOrDefault(word => word.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))) is { } broken)
            throw RuntimeException.InvalidArgument($"resolver setting '{broken}' of pod {spec.Namespace}/{spec.Name} holds white space or a control character.");

        RuntimeException Unserved(string kind, NamespaceMode mode) =>
            RuntimeException.InvalidArgument($"pod {spec.Namespace}/{spec.Name}: the {kind} namespace of a pod cannot be of mode {mode}.");
    }

    private async Task StartAsync(IReadOnlyList<Sysctl> sysctls, IPhase phase, CancellationToken cancellationToken)
    {
        Folder.Create(_record);
        PodFiles.Write(Folder, Spec);
        var arguments = new SupervisorArguments
        {
            Socket = Folder.Socket,
            Folder = Folder.Path,
            Namespaces = (Spec.Network == NamespaceMode.Pod ? CloneFlags.NewNet : CloneFlags.None)
                | (Spec.Ipc == NamespaceMode.Pod ? CloneFlags.NewIpc : CloneFlags.None)
                | (HasHostname(Spec) ? CloneFlags.NewUts : CloneFlags.None),
            Hostname = Spec.Hostname,
            SharedMemory = Spec.Ipc == NamespaceMode.Pod ? SharedMemorySize : 0,
            Sysctls = [.. sysctls.Select(sysctl => $"{sysctl.Path}={sysctl.Value}")],
        };
        using (phase.Begin("supervisor"))
        {
            await Parts.Spawner.StartAsync(Spec.Id, arguments, Record, cancellationToken);
            Client = await SupervisorClient.TryConnectAsync(Id, Folder.Socket, OnExit, cancellationToken)
                ?? throw RuntimeException.Unavailable($"pod {Id}: its supervisor ended right after its start.");
            _watching = WatchAsync(Client);
        }
        if (Spec.Network == NamespaceMode.Pod)
            using (phase.Begin("network namespace")) NetworkPin.Create(Id, SupervisorProcessId);
        int init = 0;
        if (Spec.Pid == NamespaceMode.Pod)
            using (phase.Begin("init")) init = await StartInitAsync(Client, cancellationToken);
        Describe(init);
    }

    private void Record(int supervisor)
    {
        _record = _record with { SupervisorProcessId = supervisor, SupervisorStartTicks = ProcessIdentity.StartTicks(supervisor) ?? 0 };
        Folder.Write(_record);
    }

    private static async Task<int> StartInitAsync(SupervisorClient client, CancellationToken cancellationToken)
    {
        using SafeFileDescriptor file = PodInit.CreateFile();
        var builder = new SyscallProgramBuilder();
        PodInit.Build(builder, file);
        SyscallProgram program = builder.Build();
        var request = new LaunchRequest
        {
            Key = PodInit.Key,
            Kind = ProcessKind.PodInit,
            CloneFlags = (int)(CloneFlags.NewPid | CloneFlags.NewMount),
            Input = InputMode.Pipe, // it ends with the supervisor
            Output = OutputMode.Discard,
            Program = program.Blob,
        };
        try
        {
            return (await client.LaunchAsync(request, program, cancellationToken)).ProcessId;
        }
        catch (SupervisorException e) when (e.Operation >= 0)
        {
            throw new RuntimeException(ErrorKind.ResourceExhausted, $"the init of a shared pid namespace cannot start: {program.Describe(e.Operation, e.Errno)}", e);
        }
    }
}
