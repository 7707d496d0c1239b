using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Orlop.Host.Plugins;

/// <summary>Looks into the assemblies of a plugin before any of them is loaded: were they built for versions that this host can give?</summary>
/// <remarks>
/// Without this check a plugin for a newer API fails with a bare <see cref="FileNotFoundException"/>, or, with a stray copy
/// of a shared assembly in its folder, gets a second identity of each contract type and seems to hold no plugin.
/// </remarks>
internal static class ApiGuard
{
    private const string Framework = "System.Runtime";
    private static readonly Version FrameworkVersion = new(Environment.Version.Major, Environment.Version.Minor);

    /// <exception cref="PluginException">Unsupported: built for other versions. Failed: the folder is not whole.</exception>
    public static void Check(PluginFolder plugin, PluginManifest manifest)
    {
        CheckVersion($"plugin '{plugin.Id}'", "plugin API", manifest.Api, SharedAssemblies.Api);
        string main = Path.Combine(plugin.Path, manifest.Assembly);
        if (!File.Exists(main))
            throw PluginException.Failed($"{main} does not exist, which {PluginManifest.FileName} names as its assembly");

        foreach (string file in Directory.EnumerateFiles(plugin.Path, "*.dll", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            CheckFile(file, isMain: string.Equals(file, main, StringComparison.Ordinal));
    }

    private static void CheckFile(string file, bool isMain)
    {
        try
        {
            using var stream = File.OpenRead(file);
            using var image = new PEReader(stream);
            if (image.HasMetadata)
                CheckAssembly(file, image.GetMetadataReader());
            else if (isMain)
                throw PluginException.Failed($"{file} is no .NET assembly");
        }
        catch (BadImageFormatException e)
        {
            // A native library may be named .dll; only the main file has to be an assembly.
            if (isMain)
                throw PluginException.Failed($"{file} is no .NET assembly: {e.Message}");
        }
    }

    private static void CheckAssembly(string file, MetadataReader metadata)
    {
        string name = metadata.IsAssembly ? metadata.GetString(metadata.GetAssemblyDefinition().Name) : "";
        if (SharedAssemblies.Versions.ContainsKey(name) || SharedAssemblies.Versions.ContainsKey(Path.GetFileNameWithoutExtension(file)))
            throw PluginException.Failed($"{file} is the host's to give; remove it, and reference it with ExcludeAssets=\"runtime\" so that it is not copied");

        foreach (var handle in metadata.AssemblyReferences)
        {
            var reference = metadata.GetAssemblyReference(handle);
            string referenced = metadata.GetString(reference.Name);
            if (string.Equals(referenced, Framework, StringComparison.Ordinal) && reference.Version > new Version(FrameworkVersion.Major, FrameworkVersion.Minor, int.MaxValue, int.MaxValue))
                throw PluginException.Unsupported($"{Path.GetFileName(file)} was built for .NET {reference.Version.ToString(2)}; this host runs on .NET {FrameworkVersion}");
            if (SharedAssemblies.Versions.TryGetValue(referenced, out var offered))
                CheckVersion(Path.GetFileName(file), referenced, reference.Version, offered);
        }
    }

    private static void CheckVersion(string who, string what, Version wanted, Version offered)
    {
        if (wanted.Major != offered.Major || Comparable(wanted) > Comparable(offered))
            throw PluginException.Unsupported($"{who} was built for {what} {wanted.ToString(2)}; this host gives {offered.ToString(2)} (same major, minor at most the host's)");
    }

    private static Version Comparable(Version version) => new(version.Major, version.Minor, Math.Max(0, version.Build), Math.Max(0, version.Revision));
}
