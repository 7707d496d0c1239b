using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Orlop.Testing.Machines;

/// <summary>The few system calls that the tests need themselves.</summary>
public static partial class Libc
{
    private const int CloneNewNet = 0x40000000;
    private const int CloneNewNs = 0x00020000;
    private const int CloneFs = 0x00000200;

    /// <summary>kill(2).</summary>
    public static void Kill(int pid, int signal) => Check(KillNative(pid, signal), $"kill({pid}, {signal})");

    /// <summary>Moves the calling thread into a network namespace; see setns(2).</summary>
    public static void EnterNetworkNamespace(string path) => Enter(path, CloneNewNet);

    /// <summary>Moves the calling thread, which shares its working folder with the others until now, into a mount namespace; see setns(2).</summary>
    public static void EnterMountNamespace(string path)
    {
        Check(UnshareNative(CloneFs), "unshare(CLONE_FS)");
        Enter(path, CloneNewNs);
    }

    /// <summary>mount(2) with no flags.</summary>
    public static void Mount(string source, string target, string type, string options) => Check(MountNative(source, target, type, 0, options), $"mount({target})");

    private static void Enter(string path, int kind)
    {
        using var file = File.OpenHandle(path);
        Check(SetNsNative((int)file.DangerousGetHandle(), kind), $"setns({path})");
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), call);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillNative(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNsNative(int descriptor, int kind);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int UnshareNative(int flags);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MountNative(string source, string target, string type, nuint flags, string options);
}
