using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Orlop.Testing.Machines;

/// <summary>The few system calls that the tests need themselves.</summary>
public static partial class Libc
{
    private const int CloneNewNet = 0x40000000;

    /// <summary>kill(2).</summary>
    public static void Kill(int pid, int signal)
    {
        if (KillNative(pid, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"kill({pid}, {signal})");
        }
    }

    /// <summary>Moves the calling thread into a network namespace; see setns(2).</summary>
    public static void EnterNetworkNamespace(string path)
    {
        using var file = File.OpenHandle(path);
        if (SetNsNative((int)file.DangerousGetHandle(), CloneNewNet) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"setns({path})");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillNative(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNsNative(int descriptor, int kind);
}
