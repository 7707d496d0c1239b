using Orlop.Linux.Mounting;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Programs;

/// <summary>Mounts that the child makes itself, since they show its own namespaces: proc, sysfs, mqueue, cgroup2, and with them tmpfs and devpts.</summary>
internal sealed class MountSteps(SyscallProgramBuilder program, RootView root)
{
    private readonly int _context = program.Temporary();
    private readonly int _mount = program.Temporary();

    /// <summary>Makes a file system and puts it in place.</summary>
    public void FileSystem(string type, string source, string destination, MountOptions options)
    {
        root.EnsureFolder(destination);
        root.Attach(Make(type, source, destination, options, _mount), destination, type);
        if (options.Propagation is not (MountPropagation.Unchanged or MountPropagation.Private))
            root.SetAttributes(Operand.Slot(_mount), new MountAttributeChange { Propagation = (ulong)options.Propagation }, recursive: false, $"propagation of \"{destination}\"");
    }

    /// <summary>Makes a file system.</summary>
    /// <returns>The slot with the detached mount.</returns>
    public Operand Make(string type, string source, string destination, MountOptions options, int slot)
    {
        const int CloseOnExec = 1;
        program.Call($"fsopen {type} for \"{destination}\"", SyscallNumber.FsOpen, [program.Text(type), CloseOnExec], _context);
        Configure(type, destination, FsConfigCommand.SetString, "source", source);
        foreach (string option in options.Data)
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) Configure(type, destination, FsConfigCommand.SetString, option[..equals], option[(equals + 1)..]);
            else Configure(type, destination, FsConfigCommand.SetFlag, option, null);
        }
        Configure(type, destination, FsConfigCommand.Create, null, null);
        program.Call($"fsmount {type} for \"{destination}\"", SyscallNumber.FsMount, [Operand.Slot(_context), CloseOnExec, (long)options.Change.Set], slot);
        return Operand.Slot(slot);
    }

    /// <summary>Puts a tree of the node in place.</summary>
    public void Bind(HostMount mount, string source, string destination)
    {
        if (mount.IsFolder) root.EnsureFolder(destination);
        else root.EnsureFile(destination);
        root.Attach(program.Descriptor(mount.Tree), destination, source);
    }

    private void Configure(string type, string destination, FsConfigCommand command, string? key, string? value) => program.Call(
        key is null ? $"create {type} for \"{destination}\"" : $"option {key}{(value is null ? "" : "=" + value)} of {type} for \"{destination}\"",
        SyscallNumber.FsConfig,
        [Operand.Slot(_context), (long)command, key is null ? Operand.Null : program.Text(key), value is null ? Operand.Null : program.Text(value), 0]);
}
