using System.Runtime.ExceptionServices;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Mounting;

/// <summary>
/// Overlays before Linux 6.8, which has only one option for all lower folders. To fsconfig(2) that is 255 bytes at most, some thirteen folders, to
/// mount(2) a page. Folders are named by their descriptors: short, and nothing in a path needs to be escaped.
/// </summary>
internal static class JoinedOverlay
{
    private const string Lower = "lowerdir+=", Upper = "upperdir=", Work = "workdir=";
    private const int LongestOption = 255, LongestData = 4095;

    /// <exception cref="RuntimeException">FailedPrecondition: too many lower folders for this kernel.</exception>
    public static SafeFileDescriptor Mount(RootfsMount mount)
    {
        int lowers = mount.Options.Count(option => option.StartsWith(Lower, StringComparison.Ordinal));
        return lowers * "/proc/self/fd/1234:".Length <= LongestOption ? Make(mount, RootfsMounter.Make) : MakeOnThread(mount);
    }

    /// <summary>mount(2) needs a place, so the thread gets a mount namespace of its own: nobody sees it, and it ends with the thread.</summary>
    private static SafeFileDescriptor MakeOnThread(RootfsMount mount)
    {
        SafeFileDescriptor? tree = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(Run) { IsBackground = true, Name = "overlay" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return tree!;

        void Run()
        {
            try
            {
                Processes.Unshare(CloneFlags.NewMount);
                Mounts.SetPropagation("/", MountFlags.Recursive | MountFlags.Private);
                tree = Make(mount, MountClassic);
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        }
    }

    private static SafeFileDescriptor MountClassic(RootfsMount mount)
    {
        MountOptions options = MountOptions.Parse(mount.Options, "/");
        string data = string.Join(',', options.Data);
        if (data.Length > LongestData) throw RuntimeException.FailedPrecondition($"an overlay of so many lower folders ({data.Length} bytes of options) needs Linux 6.8 or later.");
        const string place = "/proc";
        Mounts.Mount(mount.Source, place, mount.Type, MountFlags.None, data);
        SafeFileDescriptor tree = Mounts.CloneTree(SafeFileDescriptor.CurrentDirectory, place, AtFlags.None);
        Mounts.SetAttributes(tree, "", AtFlags.EmptyPath, new MountAttributeChange { Set = options.Change.Set });
        return tree;
    }

    private static SafeFileDescriptor Make(RootfsMount mount, Func<RootfsMount, SafeFileDescriptor> make)
    {
        var folders = new List<SafeFileDescriptor>();
        try
        {
            string joined = string.Join(':', Values(Lower).Select(Name));
            string[] others = [.. mount.Options.Where(option => !option.StartsWith(Lower, StringComparison.Ordinal)).Select(option =>
                option.StartsWith(Upper, StringComparison.Ordinal) ? Upper + Name(option[Upper.Length..])
                : option.StartsWith(Work, StringComparison.Ordinal) ? Work + Name(option[Work.Length..])
                : option)];
            return make(mount with { Options = [$"lowerdir={joined}", .. others] });
        }
        finally
        {
            folders.ForEach(folder => folder.Dispose());
        }

        IEnumerable<string> Values(string name) => mount.Options.Where(option => option.StartsWith(name, StringComparison.Ordinal)).Select(option => option[name.Length..]);

        string Name(string folder)
        {
            folders.Add(FileSystem.Open(folder, OpenFlags.Path | OpenFlags.Directory));
            return $"/proc/self/fd/{folders[^1].Number}";
        }
    }
}
