using System.Buffers;
using System.Collections.Concurrent;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Kernel;
using Orlop.Linux.Mounting;
using Orlop.Linux.Programs;
using Orlop.Linux.Protocol;
using Orlop.Linux.Supervision;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Containers;

internal sealed partial class LinuxContainer
{
    private int _execCount; // numbers their keys
    private readonly ConcurrentDictionary<string, bool> _commands = new(StringComparer.Ordinal); // the scopes in use

    public async Task<ExecResult> ExecAsync(ExecSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Command.Count == 0) throw RuntimeException.InvalidArgument($"container {_spec.Name}: the command to run is empty.");
        if (ProcessId is null) throw RuntimeException.FailedPrecondition($"container {_spec.Name} ({Id}) does not run: no command can run in it.");
        SupervisorClient client = _sandbox.RequireClient();
        string key = $"{Id}-exec-{Interlocked.Increment(ref _execCount)}-{Guid.NewGuid():n}"[..ProcessKeyLength];
        string name = key[(Id.Length + 1)..];
        _commands[name] = true;
        CgroupScope? scope = null;
        try
        {
            scope = CgroupScope.Create(_sandbox.Parts.Cgroups, _cgroup, name);
            return await RunAsync(client, key, scope, spec, cancellationToken);
        }
        catch (SyscallException e)
        {
            throw KernelErrors.Translate($"exec \"{spec.Command[0]}\" in container {_spec.Name}", e);
        }
        finally
        {
            scope?.TryRemove(); // what it left in the background keeps it; see SweepScopes
            _commands.TryRemove(name, out _);
        }
    }

    /// <summary>Removes the scopes of commands that have ended: of those that left something in the background, and of those of an earlier host.</summary>
    public void SweepScopes() => CgroupScope.Sweep(_cgroup, ScopePrefix, name => !_commands.ContainsKey(name));

    private const string ScopePrefix = "exec-";

    private const int ProcessKeyLength = 96;

    /// <summary>The supervisor ends a command that is over its time. It cannot where the kernel holds the command, on a file system that hangs (R2).</summary>
    private static readonly TimeSpan KillGrace = TimeSpan.FromSeconds(5);

    private async Task<ExecResult> RunAsync(
        SupervisorClient client, string key, CgroupScope scope, ExecSpec spec, CancellationToken cancellationToken)
    {
        Process process = _spec.Oci.Process!;
        string workingDirectory = ContainerPath.Clean(process.Cwd);
        IReadOnlyList<string> environment = ContainerEnvironment.Complete(process.Env, _user.Home);
        NamespacePlan namespaces = NamespacePlan.Create(_spec.Oci.Linux?.Namespaces, _sandbox.Namespaces);

        using CgroupEntrance entrance = scope.OpenEntrance(_sandbox.SupervisorProcessId);
        using SafeFileDescriptor? kill = scope.OpenKill();
        using SafeFileDescriptor processes = scope.OpenProcesses();
        var builder = new SyscallProgramBuilder();
        CommandPlan command = CommandResolver.Unresolved(spec.Command, environment);
        ExecProgram.Build(
            builder, entrance, namespaces.Own & ~CloneFlags.NewPid, workingDirectory, _sandbox.Parts.Identities.Plan(_spec, _user.User), command);
        var request = new LaunchRequest
        {
            Key = key,
            Kind = ProcessKind.Exec,
            Target = Id,
            JoinTargetPidNamespace = true,
            Output = OutputMode.Capture,
            CaptureLimit = spec.OutputLimit,
            CgroupKillDescriptor = kill is null ? -1 : builder.DescriptorIndex(kill),
            CgroupProcsDescriptor = builder.DescriptorIndex(processes),
            CgroupDescriptor = entrance.Folder is { } folder ? builder.DescriptorIndex(folder) : -1,
            EntranceDescriptor = entrance.Folder is null ? -1 : builder.DescriptorIndex(entrance.Files[0]),
            StartTimeoutMilliseconds = (int)StartLimit.TotalMilliseconds,
            RunTimeoutMilliseconds = spec.Timeout is { } timeout ? (int)Math.Min(Math.Ceiling(timeout.TotalMilliseconds), int.MaxValue) : 0,
            Program = ReadOnlyMemory<byte>.Empty,
        };
        SyscallProgram program = builder.Build();
        return await CollectAsync(client, request with { Program = program.Blob }, program, spec, environment, cancellationToken);
    }

    private async Task<ExecResult> CollectAsync(
        SupervisorClient client, LaunchRequest request, SyscallProgram program, ExecSpec spec, IReadOnlyList<string> environment, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>();
        var error = new ArrayBufferWriter<byte>();
        ExitNotice notice;
        using var overdue = new CancellationTokenSource(spec.Timeout + KillGrace ?? Timeout.InfiniteTimeSpan, _sandbox.Parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, overdue.Token);
        try
        {
            notice = await client.RunAsync(request, program, chunk => (chunk.Stream == 1 ? output : error).Write(chunk.Data.Span), either.Token);
        }
        catch (SupervisorException e) when (e.Operation >= 0)
        {
            throw program.Label(e.Operation).StartsWith("execve ", StringComparison.Ordinal)
                ? CommandResolver.Explain(e.Errno, spec.Command[0], environment)
                : new RuntimeException(ErrorKind.Internal, $"container {_spec.Name}: exec \"{spec.Command[0]}\": {program.Describe(e.Operation, e.Errno)}", e);
        }
        catch (SupervisorException e) when (e.Errno == Errno.ESRCH)
        {
            throw RuntimeException.FailedPrecondition($"container {_spec.Name} ({Id}) does not run any more: no command can run in it.");
        }
        catch (SupervisorException e)
        {
            throw new RuntimeException(ErrorKind.Internal, $"container {_spec.Name}: exec \"{spec.Command[0]}\": {e.Message}", e);
        }
        catch (OperationCanceledException)
        {
            await _sandbox.AskAsync(client.RequestAsync(MessageKind.Kill, request.Key, CancellationToken.None), CancellationToken.None);
            if (cancellationToken.IsCancellationRequested) throw;
            throw new RuntimeException(
                ErrorKind.DeadlineExceeded,
                $"container {_spec.Name}: exec \"{spec.Command[0]}\" did not end within {spec.Timeout?.TotalSeconds:0.###} s, and the kernel holds it: does a file system of the container hang (a dead NFS server or FUSE program)?");
        }
        if (notice.TimedOut)
            throw new RuntimeException(ErrorKind.DeadlineExceeded, $"container {_spec.Name}: exec \"{spec.Command[0]}\" did not end within {spec.Timeout?.TotalSeconds:0.###} s; it was killed.");
        return new ExecResult(new WaitStatus(notice.Status).ExitCode, output.WrittenMemory, error.WrittenMemory);
    }
}
