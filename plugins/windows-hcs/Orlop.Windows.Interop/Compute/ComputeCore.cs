using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orlop.Windows.Interop.Compute;

/// <summary>computecore.dll, the HCS API v2; see HcsOperation, HcsSystem and HcsProcess for the rules of its use.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class ComputeCore
{
    private const string Library = "computecore.dll";

    /// <summary>GENERIC_ALL; the only access that HCS documents for its open calls.</summary>
    public const uint AllAccess = 0x10000000;

    [LibraryImport(Library)]
    public static partial nint HcsCreateOperation(nint context, delegate* unmanaged<nint, nint, void> completed);

    [LibraryImport(Library)]
    public static partial void HcsCloseOperation(nint operation);

    [LibraryImport(Library)]
    public static partial int HcsCancelOperation(SafeHcsOperation operation);

    [LibraryImport(Library)]
    public static partial int HcsGetOperationResult(SafeHcsOperation operation, out nint document);

    [LibraryImport(Library)]
    public static partial int HcsGetOperationResultAndProcessInfo(SafeHcsOperation operation, out HcsProcessInformation information, out nint document);

    [LibraryImport(Library)]
    public static partial int HcsWaitForOperationResultAndProcessInfo(SafeHcsOperation operation, uint milliseconds, out HcsProcessInformation information, out nint document);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int HcsEnumerateComputeSystems(string? query, SafeHcsOperation operation);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int HcsCreateComputeSystem(string id, string configuration, SafeHcsOperation operation, nint securityDescriptor, out SafeHcsSystem system);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int HcsOpenComputeSystem(string id, uint access, out SafeHcsSystem system);

    [LibraryImport(Library)]
    public static partial void HcsCloseComputeSystem(nint system);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int HcsStartComputeSystem(SafeHcsSystem system, SafeHcsOperation operation, string? options);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int HcsShutDownComputeSystem(SafeHcsSystem system, SafeHcsOperation operation, string? options);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int HcsTerminateComputeSystem(SafeHcsSystem system, SafeHcsOperation operation, string? options);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int HcsModifyComputeSystem(SafeHcsSystem system, SafeHcsOperation operation, string configuration, nint identity);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int HcsGetComputeSystemProperties(SafeHcsSystem system, SafeHcsOperation operation, string? query);

    [LibraryImport(Library)]
    public static partial int HcsSetComputeSystemCallback(SafeHcsSystem system, uint options, nint context, delegate* unmanaged<HcsEvent*, nint, void> callback);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int HcsCreateProcess(SafeHcsSystem system, string parameters, SafeHcsOperation operation, nint securityDescriptor, out SafeHcsProcess process);

    [LibraryImport(Library)]
    public static partial int HcsOpenProcess(SafeHcsSystem system, uint processId, uint access, out SafeHcsProcess process);

    [LibraryImport(Library)]
    public static partial void HcsCloseProcess(nint process);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int HcsTerminateProcess(SafeHcsProcess process, SafeHcsOperation operation, string? options);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int HcsSignalProcess(SafeHcsProcess process, SafeHcsOperation operation, string? options);

    [LibraryImport(Library)]
    public static partial int HcsGetProcessInfo(SafeHcsProcess process, SafeHcsOperation operation);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int HcsGetProcessProperties(SafeHcsProcess process, SafeHcsOperation operation, string? query);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int HcsModifyProcess(SafeHcsProcess process, SafeHcsOperation operation, string settings);

    [LibraryImport(Library)]
    public static partial int HcsSetProcessCallback(SafeHcsProcess process, uint options, nint context, delegate* unmanaged<HcsEvent*, nint, void> callback);

    [LibraryImport("kernel32.dll")]
    private static partial nint LocalFree(nint memory);

    /// <summary>Takes over a document that HCS allocated: a copy of its text, or null when there is none.</summary>
    public static string? TakeDocument(nint document)
    {
        if (document == 0) return null;
        string? text = Marshal.PtrToStringUni(document);
        LocalFree(document);
        return text;
    }
}
