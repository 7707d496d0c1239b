using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Programs;

/// <summary>A path to hide, as it was found when the program was built.</summary>
/// <param name="Path">Clean.</param>
/// <param name="IsFolder">Whether it is a folder.</param>
internal readonly record struct MaskedPath(string Path, bool IsFolder);

/// <summary>Hides paths, and makes others read-only.</summary>
/// <remarks>A path that vanishes while the program runs (entries of /proc do) is skipped; one that changes its type fails the start.</remarks>
internal sealed class PathRestrictions(SyscallProgramBuilder program, RootView root)
{
    private readonly int _place = program.Temporary();
    private readonly int _copy = program.Temporary();

    /// <param name="paths">What to hide.</param>
    /// <param name="nullFile">A detached mount of /dev/null, for files.</param>
    /// <param name="emptyFolder">A detached, empty, read-only tmpfs, for folders.</param>
    public void Mask(IReadOnlyList<MaskedPath> paths, SafeFileDescriptor? nullFile, SafeFileDescriptor? emptyFolder)
    {
        bool fileUsed = false, folderUsed = false;
        foreach (MaskedPath path in paths)
        {
            Operand cover = program.Descriptor((path.IsFolder ? emptyFolder : nullFile) ?? throw new InvalidOperationException("there is nothing to mask with"));
            Operand place = root.Open(path.Path, _place, ignoredErrno: Errno.ENOENT);
            bool used = path.IsFolder ? folderUsed : fileUsed;
            // The mount itself goes onto the first place; it is in our namespace then, and can be copied for the others.
            if (used)
            {
                root.Clone(cover, _copy, $"cover for \"{path.Path}\"", recursive: false);
                cover = Operand.Slot(_copy);
            }
            root.Move(cover, place, $"mask \"{path.Path}\"", ignoredErrno: Errno.EBADF);
            if (path.IsFolder) folderUsed = true;
            else fileUsed = true;
        }
    }

    public void MakeReadOnly(IReadOnlyList<string> paths)
    {
        foreach (string path in paths)
        {
            string label = $"make \"{path}\" read-only";
            Operand place = root.Open(path, _place, ignoredErrno: Errno.ENOENT);
            root.Clone(place, _copy, label, recursive: true, ignoredErrno: Errno.EBADF);
            Operand copy = Operand.Slot(_copy);
            root.SetAttributes(copy, new MountAttributeChange { Set = MountAttributes.ReadOnly }, recursive: true, label, ignoredErrno: Errno.EBADF);
            root.Move(copy, place, label, ignoredErrno: Errno.EBADF);
        }
    }
}
