using System.Runtime.InteropServices;
using Orlop.Abstractions.Plugins;
using Orlop.Host.Configuration;

namespace Orlop.Host.Plugins;

/// <summary>Finds plugin folders and reads their manifests. No code of a plugin is loaded.</summary>
internal static class PluginDiscovery
{
    /// <summary>All folders <c>&lt;folder&gt;/&lt;id&gt;</c>, in the order of their ids.</summary>
    public static IReadOnlyList<PluginFolder> Find(IReadOnlyList<string> folders)
    {
        var found = folders
            .Distinct(StringComparer.Ordinal)
            .Where(Directory.Exists)
            .SelectMany(Directory.EnumerateDirectories)
            .Where(path => !Path.GetFileName(path).StartsWith('.'))
            .Select(path => Inspect(path, new PluginProgress()))
            .OrderBy(plugin => plugin.Id, StringComparer.Ordinal)
            .ThenBy(plugin => plugin.Path, StringComparer.Ordinal);
        return [.. found.GroupBy(plugin => plugin.Id, StringComparer.Ordinal).SelectMany(RefuseDuplicates)];
    }

    /// <summary>Looks at one plugin's folder; what stands in its way is its <see cref="PluginFolder.Obstacle"/>.</summary>
    public static PluginFolder Inspect(string path, PluginProgress progress)
    {
        var plugin = new PluginFolder(Path.GetFileName(path), path, Manifest: null);
        try
        {
            progress.Enter(PluginStep.Folder);
            FolderTrust.Check(path);
            progress.Enter(PluginStep.Manifest);
            plugin = plugin with { Manifest = ReadManifest(path) };
            CheckIdentity(plugin.Id, plugin.Manifest);
            progress.Enter(PluginStep.Machine);
            CheckMachine(plugin.Manifest);
            return plugin;
        }
        catch (PluginException e)
        {
            return plugin with { Obstacle = e };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return plugin with { Obstacle = PluginException.Failed($"cannot read {path}: {e.Message}") };
        }
    }

    private static PluginManifest ReadManifest(string path)
    {
        string file = Path.Combine(path, PluginManifest.FileName);
        if (!File.Exists(file))
            throw PluginException.Failed($"{file} does not exist; a plugin's folder holds its manifest, its assembly and its libraries");

        var errors = new ConfigErrors();
        return PluginManifestReader.Read(file, errors) ?? throw PluginException.Failed(string.Join("; ", errors.All));
    }

    private static void CheckIdentity(string folderName, PluginManifest manifest)
    {
        if (!string.Equals(manifest.Id, folderName, StringComparison.Ordinal))
            throw PluginException.Failed($"the manifest's id is '{manifest.Id}', but the folder is named '{folderName}'; rename the folder to '{manifest.Id}'");
    }

    private static void CheckMachine(PluginManifest manifest)
    {
        string os = OperatingSystem.IsWindows() ? "windows" : "linux";
        if (manifest.Os.Count > 0 && !manifest.Os.Contains(os, StringComparer.Ordinal))
            throw new PluginException(PluginState.Skipped, $"is for {string.Join(", ", manifest.Os)}; this machine runs {os}");

        string arch = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        if (manifest.Arch.Count > 0 && !manifest.Arch.Contains(arch, StringComparer.Ordinal))
            throw new PluginException(PluginState.Skipped, $"is for {string.Join(", ", manifest.Arch)}; this machine is {arch}");
    }

    private static IEnumerable<PluginFolder> RefuseDuplicates(IGrouping<string, PluginFolder> sameId)
    {
        string[] paths = [.. sameId.Select(plugin => plugin.Path)];
        return paths.Length == 1
            ? sameId
            : sameId.Select(plugin => plugin with
            {
                Obstacle = PluginException.Failed($"the plugin id '{plugin.Id}' is there {paths.Length} times: {string.Join(" and ", paths)}; remove all but one"),
            });
    }
}
