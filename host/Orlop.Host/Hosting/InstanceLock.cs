using System.Globalization;
using System.Text;
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
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None); // flock(LOCK_EX | LOCK_NB)
        }
        catch (IOException) when (File.Exists(path))
        {
            throw RuntimeException.FailedPrecondition($"another orlopd (pid {HolderOf(path)}) uses the root {root}; stop it, or give this one another root");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw RuntimeException.FailedPrecondition($"cannot make {path}: {e.Message}");
        }

        file.SetLength(0);
        file.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
        file.Flush();
        return new InstanceLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static string HolderOf(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite); // takes no lock
        using var reader = new StreamReader(file);
        return reader.ReadToEnd() is { Length: > 0 } pid ? pid : "unknown";
    }
}
