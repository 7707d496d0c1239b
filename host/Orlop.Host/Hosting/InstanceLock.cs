using System.Globalization;
using Orlop.Abstractions.Errors;

namespace Orlop.Host.Hosting;

/// <summary>Holds <c>&lt;root&gt;/orlopd.lock</c>, so that two daemons never share a root. The kernel lets go of it when we die; see flock(2).</summary>
internal sealed class InstanceLock : IDisposable
{
    private readonly FileStream _file;

    private InstanceLock(FileStream file) => _file = file;

    /// <exception cref="RuntimeException"><see cref="ErrorKind.FailedPrecondition"/>: another daemon holds it.</exception>
    public static InstanceLock Take(string root)
    {
        string path = Path.Combine(root, "orlopd.lock");
        string pidFile = Path.Combine(root, "orlopd.pid");
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); // flock(LOCK_EX | LOCK_NB)
            File.WriteAllText(pidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return new InstanceLock(file);
        }
        catch (IOException e) when (File.Exists(path) && File.Exists(pidFile) && IsHeld(e))
        {
            throw RuntimeException.FailedPrecondition($"another orlopd (pid {File.ReadAllText(pidFile)}) uses the root {root}; stop it, or give this one another root");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RuntimeException.FailedPrecondition($"cannot lock {path}: {e.Message}{Posix.RootHint}");
        }
    }

    public void Dispose() => _file.Dispose();

    // .NET gives the errno of a refused lock in HResult: EWOULDBLOCK, 11 on Linux; a sharing violation on Windows.
    private static bool IsHeld(IOException e) => (e.HResult & 0xFFFF) is 11 or 32;
}
