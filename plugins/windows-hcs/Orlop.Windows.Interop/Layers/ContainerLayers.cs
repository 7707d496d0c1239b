using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Orlop.Windows.Interop.Layers;

/// <summary>Mounting of windowsfilter layers; vmcompute.dll. Scratch folders and layers are named by their full paths.</summary>
[SupportedOSPlatform("windows")]
public static unsafe partial class ContainerLayers
{
    private const string Library = "vmcompute.dll";
    private const uint FilterDriver = 1; // the flavour "filter"; 0 is a plain VHD

    /// <summary>Attaches the disk of a scratch folder.</summary>
    public static void Activate(string scratch) => Call(nameof(ActivateLayer), scratch, ActivateLayer);

    /// <summary>Detaches the disk of a scratch folder.</summary>
    public static void Deactivate(string scratch) => Call(nameof(DeactivateLayer), scratch, DeactivateLayer);

    /// <summary>Puts the filter over an activated scratch.</summary>
    /// <param name="scratch">The scratch folder.</param>
    /// <param name="layers">Read-only layers, top-most first.</param>
    public static void Prepare(string scratch, IReadOnlyList<string> layers)
    {
        var descriptors = new LayerDescriptor[layers.Count];
        try
        {
            for (int i = 0; i < descriptors.Length; i++)
            {
                descriptors[i] = new LayerDescriptor { Id = IdOf(layers[i]), Path = Marshal.StringToCoTaskMemUni(layers[i]) };
            }

            fixed (LayerDescriptor* first = descriptors)
            fixed (char* empty = "")
            {
                var driver = new DriverInfo { Flavour = FilterDriver, Home = (nint)empty };
                Check(nameof(PrepareLayer), scratch, PrepareLayer(in driver, scratch, first, (uint)descriptors.Length));
            }
        }
        finally
        {
            foreach (var descriptor in descriptors) Marshal.FreeCoTaskMem(descriptor.Path);
        }
    }

    /// <summary>Takes the filter off.</summary>
    public static void Unprepare(string scratch) => Call(nameof(UnprepareLayer), scratch, UnprepareLayer);

    /// <summary>Where a prepared scratch is mounted: <c>\\?\Volume{…}</c>.</summary>
    public static string MountPath(string scratch)
    {
        fixed (char* empty = "")
        {
            var driver = new DriverInfo { Flavour = FilterDriver, Home = (nint)empty };
            uint length = 0;
            Check(nameof(GetLayerMountPath), scratch, GetLayerMountPath(in driver, scratch, ref length, null));
            var buffer = new char[length];
            fixed (char* path = buffer)
            {
                Check(nameof(GetLayerMountPath), scratch, GetLayerMountPath(in driver, scratch, ref length, path));
                return new string(path);
            }
        }
    }

    /// <summary>The id of a layer, which is made from the name of its folder.</summary>
    public static Guid IdOf(string layer)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(layer));
        Check(nameof(NameToGuid), layer, NameToGuid(name, out var id));
        return id;
    }

    private static void Call(string name, string scratch, LayerCall call)
    {
        fixed (char* empty = "")
        {
            var driver = new DriverInfo { Flavour = FilterDriver, Home = (nint)empty };
            Check(name, scratch, call(in driver, scratch));
        }
    }

    private static void Check(string call, string subject, int result)
    {
        if (result < 0) throw new HcsException(call, subject, result);
    }

    private delegate int LayerCall(in DriverInfo driver, string layer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    private static partial int ActivateLayer(in DriverInfo driver, string layer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    private static partial int DeactivateLayer(in DriverInfo driver, string layer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    private static partial int PrepareLayer(in DriverInfo driver, string layer, LayerDescriptor* parents, uint count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    private static partial int UnprepareLayer(in DriverInfo driver, string layer);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    private static partial int GetLayerMountPath(in DriverInfo driver, string layer, ref uint length, char* path);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf16)]
    private static partial int NameToGuid(string name, out Guid id);

    [StructLayout(LayoutKind.Sequential)]
    private struct DriverInfo
    {
        public uint Flavour;
        public nint Home;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct LayerDescriptor
    {
        public Guid Id;
        public uint Flags;
        public nint Path;
    }
}
