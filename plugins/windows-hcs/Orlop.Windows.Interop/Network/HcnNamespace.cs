using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orlop.Windows.Interop.Network;

/// <summary>Network namespaces of HNS; computenetwork.dll.</summary>
[SupportedOSPlatform("windows")]
public static partial class HcnNamespace
{
    private const string Library = "computenetwork.dll";

    /// <summary>Creates a namespace for containers of the host.</summary>
    /// <param name="id">Its id, chosen by the caller.</param>
    /// <param name="settings">A HostComputeNamespace document.</param>
    /// <exception cref="HcsException">HNS refuses.</exception>
    public static void Create(Guid id, string settings)
    {
        int result = HcnCreateNamespace(in id, settings, out nint handle, out nint error);
        string? record = Take(error);
        if (result < 0) throw new HcsException("HcnCreateNamespace", id.ToString(), result, record);
        _ = HcnCloseNamespace(handle); // the namespace lives on; only deleting ends it
    }

    /// <summary>Deletes a namespace.</summary>
    /// <exception cref="HcsException"><see cref="HcsError.NotFound"/> when there is none.</exception>
    public static void Delete(Guid id)
    {
        int result = HcnDeleteNamespace(in id, out nint error);
        string? record = Take(error);
        if (result < 0) throw new HcsException("HcnDeleteNamespace", id.ToString(), result, record);
    }

    /// <summary>Whether there is a namespace of that id.</summary>
    /// <exception cref="HcsException">HNS does not answer.</exception>
    public static bool Exists(Guid id)
    {
        int result = HcnOpenNamespace(in id, out nint handle, out nint error);
        string? record = Take(error);
        if (result >= 0)
        {
            _ = HcnCloseNamespace(handle);
            return true;
        }

        return HResults.Classify(result) == HcsError.NotFound ? false : throw new HcsException("HcnOpenNamespace", id.ToString(), result, record);
    }

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    private static partial int HcnCreateNamespace(in Guid id, string settings, out nint handle, out nint errorRecord);

    [LibraryImport(Library)]
    private static partial int HcnOpenNamespace(in Guid id, out nint handle, out nint errorRecord);

    [LibraryImport(Library)]
    private static partial int HcnDeleteNamespace(in Guid id, out nint errorRecord);

    [LibraryImport(Library)]
    private static partial int HcnCloseNamespace(nint handle);

    private static string? Take(nint record)
    {
        if (record == 0) return null;
        string? text = Marshal.PtrToStringUni(record);
        Marshal.FreeCoTaskMem(record);
        return text;
    }
}
