using Orlop.Abstractions.Errors;
using Orlop.Linux.Mounting;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Programs;

/// <summary>
/// A container's root as its child process sees it while the program runs: each path is resolved with openat2(RESOLVE_IN_ROOT), so that no symbolic
/// link of an image or a volume leads out of it, and what is mounted goes onto the very place that was opened (CVE-2024-21626, CVE-2025-31133).
/// </summary>
internal sealed class RootView
{
    private const uint FolderMode = 0x1ed, FileMode0644 = 0x1a4;
    private const int MoveFromEmptyPath = 4, MoveToEmptyPath = 0x40;

    private readonly SyscallProgramBuilder _program;
    private readonly Dictionary<OpenFlags, Operand> _how = [];
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal) { "/" }; // exist already when the next operation runs
    private readonly Operand _empty;
    private readonly int _parent;
    private readonly int _place;

    public RootView(SyscallProgramBuilder program, Operand root)
    {
        _program = program;
        Root = root;
        _empty = program.Text("");
        _parent = program.Temporary();
        _place = program.Temporary();
    }

    /// <summary>The error of a request that names a place which the container does not have; null where the fault is another's.</summary>
    /// <param name="label">What the kernel refused.</param>
    /// <param name="errno">Its word.</param>
    public static RuntimeException? Explain(string label, int errno) => errno switch
    {
        // Detached mounts as ours are refused by move_mount(2) for nothing else.
        Errno.EINVAL when label.StartsWith("mount ", StringComparison.Ordinal) =>
            RuntimeException.InvalidArgument($"{label}: a folder cannot be mounted on a file, nor a file on a folder"),
        Errno.ENOENT or Errno.ENOTDIR or Errno.EROFS or Errno.ELOOP or Errno.EACCES when label.EndsWith(" in the container", StringComparison.Ordinal) =>
            RuntimeException.InvalidArgument($"{label}: {Errno.Name(errno)}"),
        _ => null,
    };

    /// <summary>The root's descriptor.</summary>
    public Operand Root { get; }

    /// <summary>Opens a path of the container.</summary>
    /// <param name="path">Clean.</param>
    /// <param name="slot">Where the descriptor goes.</param>
    /// <param name="flags">O_ flags.</param>
    /// <param name="ignoredErrno">An error that leaves -1 in the slot.</param>
    public Operand Open(string path, int slot, OpenFlags flags = OpenFlags.Path, int ignoredErrno = 0)
    {
        if (!_how.TryGetValue(flags, out Operand how))
        {
            how = _program.Structure(new OpenHow { Flags = (ulong)(flags | OpenFlags.CloseOnExec), Resolve = (ulong)ResolveFlags.InRoot });
            _how.Add(flags, how);
        }
        _program.Call($"open \"{path}\" in the container", SyscallNumber.OpenAt2, [Root, _program.Text(ContainerPath.Relative(path)), how, 24], slot, ignoredErrno);
        return Operand.Slot(slot);
    }

    /// <summary>Makes a folder and its parents, where they are missing.</summary>
    public void EnsureFolder(string path)
    {
        if (_folders.Contains(path)) return;
        Operand parent = OpenParent(path);
        _program.Call($"make folder \"{path}\" in the container", SyscallNumber.MkdirAt, [parent, _program.Text(ContainerPath.Name(path)), FolderMode], ignoredErrno: Errno.EEXIST);
        _folders.Add(path);
    }

    /// <summary>Makes an empty file and its parents, where they are missing.</summary>
    public void EnsureFile(string path)
    {
        Operand parent = OpenParent(path);
        _program.Call(
            $"make file \"{path}\" in the container", SyscallNumber.MknodAt, [parent, _program.Text(ContainerPath.Name(path)), FileMode.Regular | FileMode0644, 0], ignoredErrno: Errno.EEXIST);
    }

    /// <summary>Opens the folder that a path lies in, made where it is missing.</summary>
    public Operand OpenParent(string path)
    {
        string folder = ContainerPath.Parent(path);
        if (folder == "/") return Root;
        EnsureFolder(folder);
        return Open(folder, _parent, OpenFlags.Path | OpenFlags.Directory);
    }

    /// <summary>Puts a detached mount onto a path that exists.</summary>
    /// <param name="mount">The mount.</param>
    /// <param name="path">Where to.</param>
    /// <param name="what">What it is, for messages.</param>
    public void Attach(Operand mount, string path, string what)
    {
        Operand place = Open(path, _place);
        Move(mount, place, $"mount {what} on \"{path}\"");
        _folders.RemoveWhere(folder => folder != path && ContainerPath.IsWithin(folder, path)); // hidden now
    }

    /// <summary>Puts a detached mount onto an open place.</summary>
    public void Move(Operand mount, Operand place, string label, int ignoredErrno = 0) =>
        _program.Call(label, SyscallNumber.MoveMount, [mount, _empty, place, _empty, MoveFromEmptyPath | MoveToEmptyPath], ignoredErrno: ignoredErrno);

    /// <summary>Copies a mount that is in the container's mount namespace.</summary>
    public void Clone(Operand tree, int slot, string label, bool recursive, int ignoredErrno = 0)
    {
        const int OpenTreeClone = 1;
        _program.Call(
            label, SyscallNumber.OpenTree, [tree, _empty, OpenTreeClone | (int)OpenFlags.CloseOnExec | (int)AtFlags.EmptyPath | (recursive ? (int)AtFlags.Recursive : 0)], slot, ignoredErrno);
    }

    /// <summary>Changes the attributes of an open mount.</summary>
    public void SetAttributes(Operand mount, MountAttributeChange change, bool recursive, string label, int ignoredErrno = 0) =>
        _program.Call(
            label, SyscallNumber.MountSetAttr, [mount, _empty, (int)AtFlags.EmptyPath | (recursive ? (int)AtFlags.Recursive : 0), _program.Structure(change), 32], ignoredErrno: ignoredErrno);
}
