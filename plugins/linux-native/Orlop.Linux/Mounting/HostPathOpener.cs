using System.Collections.Concurrent;
using Orlop.Abstractions.Errors;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Mounting;

/// <summary>
/// Opens paths of the node that users name. Any of them may lie on a dead network or FUSE file system, where a call never returns and cannot be
/// interrupted (R2): so each container's paths are opened on a thread of their own, which is left behind at the deadline.
/// </summary>
internal sealed class HostPathOpener(TimeSpan deadline, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, byte> _hanging = new(StringComparer.Ordinal); // held by threads that were left behind

    /// <summary>Runs work that opens paths, on a thread of its own.</summary>
    /// <param name="work">Calls <see cref="Step.At"/> before it touches each path; its result is disposed of when it comes too late.</param>
    /// <param name="cancellationToken">Cancels the waiting.</param>
    /// <exception cref="RuntimeException">DeadlineExceeded: the path that hangs is named.</exception>
    public async Task<T> RunAsync<T>(Func<Step, T> work, CancellationToken cancellationToken)
        where T : IDisposable
    {
        var step = new Step(_hanging);
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => Run(work, step, result)) { IsBackground = true, Name = "host paths" };
        thread.Start();
        try
        {
            return await result.Task.WaitAsync(deadline, time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException && !result.Task.IsCompleted)
        {
            step.Abandon();
            _ = result.Task.ContinueWith(
                late => { if (late.IsCompletedSuccessfully) late.GetAwaiter().GetResult().Dispose(); else _ = late.Exception; },
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (e is TimeoutException)
                throw new RuntimeException(
                    ErrorKind.DeadlineExceeded,
                    $"host path {step.Path} did not answer within {deadline.TotalSeconds:0} s: its file system hangs (a dead NFS server or FUSE program?). Unmount or repair it on the node.", e);
            throw;
        }
    }

    private static void Run<T>(Func<Step, T> work, Step step, TaskCompletionSource<T> result)
        where T : IDisposable
    {
        try
        {
            T value = work(step);
            step.Finish();
            result.SetResult(value);
        }
        catch (Exception e)
        {
            step.Finish();
            result.SetException(e);
        }
    }

    /// <summary>Where the thread is.</summary>
    internal sealed class Step(ConcurrentDictionary<string, byte> hanging)
    {
        private readonly Lock _gate = new();
        private bool _abandoned; // under _gate

        public string Path { get; private set; } = "";

        /// <summary>Says which path comes next.</summary>
        /// <exception cref="RuntimeException">Unavailable: another thread still hangs on it; nobody gains from one more.</exception>
        public void At(string path)
        {
            if (hanging.ContainsKey(path))
                throw RuntimeException.Unavailable($"host path {path} still hangs from an earlier attempt. Unmount or repair its file system on the node.");
            lock (_gate)
            {
                if (_abandoned) throw new OperationCanceledException();
                Path = path;
            }
        }

        public void Abandon()
        {
            lock (_gate)
            {
                _abandoned = true;
                hanging.TryAdd(Path, 0);
            }
        }

        public void Finish()
        {
            lock (_gate)
            {
                if (_abandoned) hanging.TryRemove(Path, out _);
                _abandoned = false;
            }
        }
    }

    /// <summary>Clones a tree of the node with the options of its mount. For use inside <see cref="RunAsync"/>.</summary>
    /// <exception cref="RuntimeException">The path does not exist, or cannot propagate as asked.</exception>
    public static HostMount Clone(Step step, string source, string destination, MountOptions options)
    {
        step.At(source);
        try
        {
            CheckPropagation(source, destination, options);
            SafeFileDescriptor tree = Mounts.CloneTree(
                SafeFileDescriptor.CurrentDirectory, source, options.BindRecursive ? AtFlags.Recursive : AtFlags.None);
            try
            {
                bool isFolder = FileSystem.Status(tree).IsDirectory;
                MountChanges.Apply(tree, options, MountPropagation.Private);
                return new HostMount(tree, isFolder);
            }
            catch
            {
                tree.Dispose();
                throw;
            }
        }
        catch (SyscallException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR)
        {
            throw RuntimeException.InvalidArgument($"mount {destination}: host path {source} does not exist.");
        }
        catch (SyscallException e) when (e.Errno == Errno.ENOSYS && !options.ChangeRecursive.IsEmpty)
        {
            throw new RuntimeException(ErrorKind.Unimplemented, $"RROUnsupported: mount {destination}: the kernel has no mount_setattr(2), which recursive read-only mounts need.", e);
        }
        catch (SyscallException e)
        {
            throw new RuntimeException(ErrorKind.Internal, $"mount {destination}: cannot take host path {source}: {e.Message}", e);
        }
    }

    /// <summary>A mount can pass on what happens on the node only when the node's mount lets it.</summary>
    private static void CheckPropagation(string source, string destination, MountOptions options)
    {
        if (options.Propagation is not (MountPropagation.Shared or MountPropagation.Slave)) return;
        FileStatus status = FileSystem.Status(SafeFileDescriptor.CurrentDirectory, source, AtFlags.None);
        IReadOnlyList<string> tags = MountTable.Tags(status.MountId) ?? [];
        bool shared = tags.Any(tag => tag.StartsWith("shared:", StringComparison.Ordinal));
        bool slave = tags.Any(tag => tag.StartsWith("master:", StringComparison.Ordinal));
        if (options.Propagation == MountPropagation.Shared ? !shared : !shared && !slave)
            throw RuntimeException.InvalidArgument(
                $"mount {destination}: host path {source} lies on a mount that is not {(options.Propagation == MountPropagation.Shared ? "shared" : "shared or slave")}; make it shared (mount --make-rshared) or use private propagation.");
    }
}
