using System.Runtime.InteropServices;
using System.Text;
using Orlop.Linux.Protocol;
using Orlop.Linux.Supervisor;
using Orlop.Linux.Supervisor.Paths;
using Orlop.Linux.Supervisor.Processes;
using Orlop.Linux.Supervisor.Setup;
using Orlop.Linux.Syscalls;

const int UsageError = 2, Unrecorded = 3;

try
{
    if (args is [PathHelperArguments.Verb])
    {
        PathServer.Run(new SafeFileDescriptor(PathHelperArguments.Socket));
        return 0;
    }

    if (args is [BirthArguments.Verb, var cgroup, ..])
    {
        args = args[2..];
        if (Rebirth.TryRun(cgroup, args)) return 0;
    }

    using PodSupervisor? supervisor = Start(SupervisorArguments.Parse(args));
    supervisor?.Run();
    return supervisor is null ? Unrecorded : 0;
}
catch (FormatException e)
{
    return Fail(e.Message, UsageError);
}
catch (SyscallException e)
{
    return Fail(e.Message, 1);
}

static PodSupervisor? Start(SupervisorArguments arguments)
{
    SafeFileDescriptor nullDevice = ProcessSetup.Run();

    // Everything that has a path is opened while there are paths.
    using SafeFileDescriptor stateFolder = FileSystem.Open(arguments.Folder, OpenFlags.Directory);
    var recorder = new ExitRecorder(stateFolder);
    if (!FileSystem.TryRemove(SafeFileDescriptor.CurrentDirectory, arguments.Socket) && Marshal.GetLastPInvokeError() != Errno.ENOENT)
        throw SyscallException.Last("unlinkat", arguments.Socket);
    SafeFileDescriptor listening = Sockets.Listen(arguments.Socket);

    PodNamespaces.Create(arguments.Namespaces, arguments.Hostname, arguments.Sysctls);
    MinimalRoot.Enter(arguments.Folder, arguments.SharedMemory);
    if (!ProcessSetup.IsOnRecord())
    {
        listening.Dispose();
        return null;
    }

    var supervisor = new PodSupervisor(listening, nullDevice, recorder, arguments.Namespaces);
    ProcessSetup.CloseStandardStreams(nullDevice);
    return supervisor;
}

// Whoever spawned us reads it; nobody does later.
static int Fail(string message, int exitCode)
{
    using var standardError = new SafeFileDescriptor(2, ownsHandle: false);
    try
    {
        FileSystem.Write(standardError, Encoding.UTF8.GetBytes($"orlop-supervisor: {message}\n"));
    }
    catch (SyscallException)
    {
        return exitCode; // there is nobody to tell
    }

    return exitCode;
}
