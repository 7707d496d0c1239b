using Orlop.Abstractions.Errors;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Kernel;

/// <summary>The plugin's boundary: a failed system call leaves it as a <see cref="RuntimeException"/>.</summary>
internal static class KernelErrors
{
    /// <param name="what">The operation and its object: <c>kill container web</c>.</param>
    /// <param name="work">The operation.</param>
    public static async Task GuardAsync(string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (SyscallException e)
        {
            throw Translate(what, e);
        }
        catch (IOException e)
        {
            throw new RuntimeException(ErrorKind.Internal, $"cannot {what}: {e.Message}", e);
        }
    }

    public static RuntimeException Translate(string what, SyscallException error) => new(
        error.Errno is Errno.ENOMEM or Errno.ENOSPC or Errno.EMFILE or Errno.ENFILE or Errno.EAGAIN ? ErrorKind.ResourceExhausted : ErrorKind.Internal,
        $"cannot {what}: {error.Message}", error);
}
