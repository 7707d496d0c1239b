using System.ComponentModel;
using System.Net.Sockets;
using Orlop.Abstractions.Errors;

namespace Orlop.Host.Hosting;

/// <summary>The unix socket that serves CRI: a stale one is cleared away, a fresh one is given to root and its group.</summary>
internal static class CriSocket
{
    private const UnixFileMode OwnerAndGroup =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Removes a socket on which nobody answers, and makes its folder.</summary>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.FailedPrecondition"/>: somebody answers, or the path is no socket.</exception>
    public static void Prepare(string path)
    {
        HostFolder.EnsureTraversable(Path.GetDirectoryName(path)!);
        if (!File.Exists(path))
            return;

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused && IsSocket(path))
        {
            File.Delete(path);
            return;
        }
        catch (SocketException e)
        {
            throw RuntimeException.FailedPrecondition($"{path} is in the way ({e.Message}); remove it, or set another socket");
        }

        throw RuntimeException.FailedPrecondition($"another orlopd answers on {path}; stop it, or set another socket");
    }

    /// <summary>Mode 0660 and the group, once the socket is bound; until then the umask keeps others out.</summary>
    /// <exception cref="RuntimeException">The group cannot be given.</exception>
    public static void Open(string path, uint gid)
    {
        if (OperatingSystem.IsWindows())
            return;

        try
        {
            Posix.ChangeGroup(path, gid);
            File.SetUnixFileMode(path, OwnerAndGroup);
        }
        catch (Exception e) when (e is Win32Exception or IOException or UnauthorizedAccessException)
        {
            throw RuntimeException.FailedPrecondition($"cannot give {path} to the group {gid} with mode 0660: {e.Message}");
        }
    }

    // connect(2) on a regular file is ECONNREFUSED too, and that file may be somebody's.
    private static bool IsSocket(string path) => OperatingSystem.IsWindows() || Posix.IsSocket(path);
}
