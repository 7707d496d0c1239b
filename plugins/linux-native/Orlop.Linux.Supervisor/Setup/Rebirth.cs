using System.Globalization;
using System.Text;
using Orlop.Linux.Protocol;
using Orlop.Linux.Supervisor.Processes;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Setup;

/// <summary>Starts the supervisor anew in its cgroup; see <see cref="BirthArguments"/>.</summary>
internal static class Rebirth
{
    /// <param name="folder">The cgroup.</param>
    /// <param name="arguments">Of the supervisor.</param>
    /// <returns>Whether the new one lives; else this process is the supervisor.</returns>
    /// <exception cref="SyscallException">There is no such cgroup, or the new one came to nothing; its id was handed over nevertheless.</exception>
    public static bool TryRun(string folder, IReadOnlyList<string> arguments)
    {
        using SafeFileDescriptor handover = TakeHandover();
        using SafeFileDescriptor cgroup = FileSystem.Open(folder, OpenFlags.Path | OpenFlags.Directory);
        var builder = new SyscallProgramBuilder();
        builder.Call("setsid", SyscallNumber.SetSid, []);
        builder.CloseDescriptors();
        builder.Execute("/proc/self/exe", ["orlop-supervisor", .. arguments], []);
        SyscallProgram program = builder.Build();
        using ProgramImage image = ProgramImage.Load(program.Blob.Span);
        using var stack = new ChildStack();
        int child = ChildClone.CloneInto(cgroup, image, CloneFlags.Parent, stack);
        if (child < 0) return false;
        FileSystem.Write(handover, Encoding.UTF8.GetBytes(child.ToString(CultureInfo.InvariantCulture)));
        return image.FailedOperation < 0 ? true : throw new SyscallException(program.Label(image.FailedOperation), image.FailedErrno, folder);
    }

    // From here on standard error is what it is for every supervisor.
    private static SafeFileDescriptor TakeHandover()
    {
        using var standard = new SafeFileDescriptor(BirthArguments.Handover, ownsHandle: false);
        SafeFileDescriptor handover = standard.Duplicate();
        return Libc.Syscall(SyscallNumber.Dup2, 1, BirthArguments.Handover) >= 0 ? handover : throw SyscallException.Last("dup2", $"{BirthArguments.Handover}");
    }
}
