using System.Text.Json;

namespace Orlop.Host.Plugins;

/// <summary>Checks that every library that a plugin's <c>.deps.json</c> promises is there.</summary>
internal static class PluginDependencies
{
    /// <exception cref="PluginException">Files are missing; the message names all of them.</exception>
    public static void Check(string mainAssembly)
    {
        string deps = Path.ChangeExtension(mainAssembly, ".deps.json");
        if (!File.Exists(deps))
            throw PluginException.Failed($"{deps} does not exist; build the plugin with EnableDynamicLoading and copy all of its output");

        string folder = Path.GetDirectoryName(mainAssembly)!;
        string[] missing = [.. RuntimeFiles(deps).Where(file => !IsThere(folder, file)).Order(StringComparer.Ordinal)];
        if (missing.Length > 0)
            throw PluginException.Failed($"{Path.GetFileName(deps)} names libraries that are not in {folder}: {string.Join(", ", missing)}");
    }

    /// <summary>
    /// Reads what the runtime's resolver reads, and expects all that it takes for granted: a file of another shape, such
    /// as one without <c>runtimeTarget</c>, makes the resolver end the whole process.
    /// </summary>
    private static List<string> RuntimeFiles(string deps)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(deps));
            var root = document.RootElement;
            foreach (var library in root.GetProperty("libraries").EnumerateObject())
                CheckLibrary(library.Value);

            var target = root.GetProperty("runtimeTarget");
            string name = Text(target.ValueKind is JsonValueKind.String ? target : target.GetProperty("name"));
            return [.. root.GetProperty("targets").GetProperty(name).EnumerateObject().SelectMany(package => FilesOf(package.Value))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw PluginException.Failed($"{deps} is no dependency file of .NET: {e.Message}");
        }
    }

    private static void CheckLibrary(JsonElement library)
    {
        Text(library.GetProperty("type"));
        Text(library.GetProperty("sha512"));
        library.GetProperty("serviceable").GetBoolean();
        CheckTexts(library, "path", "hashPath", "runtimeStoreManifestName");
    }

    private static List<string> FilesOf(JsonElement package)
    {
        var files = new List<string>();
        foreach (string kind in (string[])["runtime", "native", "resources", "runtimeTargets"])
        {
            if (!package.TryGetProperty(kind, out var assets))
                continue;

            foreach (var asset in assets.EnumerateObject())
            {
                CheckTexts(asset.Value, "assemblyVersion", "fileVersion");
                if (kind is "runtimeTargets")
                {
                    Text(asset.Value.GetProperty("rid"));
                    Text(asset.Value.GetProperty("assetType"));
                }

                if (kind is "runtime" && !asset.Name.EndsWith("/_._", StringComparison.Ordinal))
                    files.Add(asset.Name);
            }
        }

        return files;
    }

    private static void CheckTexts(JsonElement element, params ReadOnlySpan<string> optional)
    {
        foreach (string name in optional)
        {
            if (element.TryGetProperty(name, out var value))
                Text(value);
        }
    }

    private static string Text(JsonElement value) => value.GetString() ?? throw new InvalidOperationException("a text is null");

    /// <summary>A package's file (<c>lib/net10.0/X.dll</c>) is copied flat into the folder.</summary>
    private static bool IsThere(string folder, string file) =>
        File.Exists(Path.Combine(folder, Path.GetFileName(file))) || File.Exists(Path.Combine(folder, file));
}
