using System.Runtime.InteropServices;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Supervisor.Processes;

/// <summary>Writes exit records: temporary file, then rename, so that a reader sees a whole one or none.</summary>
internal sealed class ExitRecorder : IDisposable
{
    private const uint Private = 0x180; // 0600
    private readonly SafeFileDescriptor folder;

    /// <param name="stateFolder">The pod's state folder.</param>
    public ExitRecorder(SafeFileDescriptor stateFolder)
    {
        try
        {
            FileSystem.MakeDirectory(stateFolder, ExitRecord.Folder, 0x1C0);
        }
        catch (SyscallException e) when (e.Errno == Errno.EEXIST)
        {
            // From a supervisor before us.
        }

        folder = FileSystem.Open(stateFolder, ExitRecord.Folder, OpenFlags.Directory | OpenFlags.NoFollow);
    }

    /// <exception cref="SyscallException">The record could not be written.</exception>
    public void Write(string key, ExitRecord record)
    {
        string temporary = $".{key}"; // no key starts with a dot
        using (SafeFileDescriptor file = FileSystem.Open(folder, temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, Private))
            FileSystem.Write(file, record.Format());
        FileSystem.Rename(folder, temporary, folder, key);
    }

    /// <summary>Deletes a record, if there is one.</summary>
    /// <exception cref="SyscallException">It could not be deleted.</exception>
    public void Delete(string key)
    {
        if (!FileSystem.TryRemove(folder, key) && Marshal.GetLastPInvokeError() != Errno.ENOENT) throw SyscallException.Last("unlinkat", key);
    }

    public void Dispose() => folder.Dispose();
}
