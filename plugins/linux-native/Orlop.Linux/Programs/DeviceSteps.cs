using Orlop.Linux.Mounting;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Programs;

/// <summary>Fills <c>/dev</c>.</summary>
internal sealed class DeviceSteps(SyscallProgramBuilder program, RootView root)
{
    private static readonly (string Target, string Path)[] Links =
    [
        ("/proc/self/fd", "/dev/fd"), ("/proc/self/fd/0", "/dev/stdin"), ("/proc/self/fd/1", "/dev/stdout"), ("/proc/self/fd/2", "/dev/stderr"),
        ("pts/ptmx", "/dev/ptmx"),
    ];

    public void Make(IReadOnlyList<DeviceNode> nodes)
    {
        foreach (DeviceNode node in nodes)
        {
            Operand folder = root.OpenParent(node.Path);
            Operand name = program.Text(ContainerPath.Name(node.Path));
            program.Call($"make device \"{node.Path}\"", SyscallNumber.MknodAt, [folder, name, node.Mode, (long)node.Device], ignoredErrno: Errno.EEXIST);
            if (node.Uid != 0 || node.Gid != 0)
                program.Call($"owner of device \"{node.Path}\"", SyscallNumber.FchownAt, [folder, name, node.Uid, node.Gid, (int)AtFlags.SymlinkNoFollow]);
        }
        foreach ((string target, string path) in Links)
        {
            Operand folder = root.OpenParent(path);
            program.Call($"link \"{path}\"", SyscallNumber.SymlinkAt, [program.Text(target), folder, program.Text(ContainerPath.Name(path))], ignoredErrno: Errno.EEXIST);
        }
    }
}
