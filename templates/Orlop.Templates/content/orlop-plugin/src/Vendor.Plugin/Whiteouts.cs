using System.ComponentModel;
using System.Runtime.InteropServices;
using Orlop.Abstractions.Errors;

namespace Vendor.Plugin;

/// <summary>Turns what an image says of deleted files (OCI image spec, "Whiteouts") into overlayfs's own marks.</summary>
internal static class Whiteouts
{
    private const string Prefix = ".wh.";
    private const string Opaque = ".wh..wh..opq";
    private const uint CharacterDevice = 0x2000; // S_IFCHR

    private static readonly EnumerationOptions WithoutFollowingLinks = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };

    public static void Convert(string folder)
    {
        foreach (string mark in Directory.GetFiles(folder, Prefix + "*", WithoutFollowingLinks))
        {
            string parent = Path.GetDirectoryName(mark)!;
            string name = Path.GetFileName(mark);
            File.Delete(mark);
            if (name == Opaque)
                MakeOpaque(parent);
            else if (!name.StartsWith(Prefix + Prefix, StringComparison.Ordinal)) // aufs's own files
                Hide(Path.Join(parent, name[Prefix.Length..]));
        }
    }

    private static void Hide(string path)
    {
        if (Directory.Exists(path) && !IsLink(path))
            MakeOpaque(path); // the layer deletes the folder and has a new one
        else if (!File.Exists(path) && !IsLink(path))
            Check(mknod(path, CharacterDevice, 0), "mknod", path);
    }

    private static void MakeOpaque(string folder) => Check(lsetxattr(folder, "trusted.overlay.opaque", "y", 1, 0), "lsetxattr", folder);

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static void Check(int result, string call, string path)
    {
        if (result == 0)
            return;
        var error = new Win32Exception(Marshal.GetLastPInvokeError());
        throw RuntimeException.Unavailable($"{call} {path}: {error.Message}; overlayfs needs a file system with trusted attributes, and root", error);
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int mknod([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode, ulong device);

    [DllImport("libc", SetLastError = true)]
    private static extern int lsetxattr([MarshalAs(UnmanagedType.LPUTF8Str)] string path, [MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, nuint size, int flags);
}
