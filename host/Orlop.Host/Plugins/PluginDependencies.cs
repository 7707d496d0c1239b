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

    private static List<string> RuntimeFiles(string deps)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(deps));
            return [.. document.RootElement.GetProperty("targets").EnumerateObject()
                .SelectMany(target => target.Value.EnumerateObject())
                .Where(library => library.Value.TryGetProperty("runtime", out _))
                .SelectMany(library => library.Value.GetProperty("runtime").EnumerateObject())
                .Select(file => file.Name)
                .Where(file => !file.EndsWith("/_._", StringComparison.Ordinal))];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw PluginException.Failed($"{deps} is no dependency file of .NET: {e.Message}");
        }
    }

    /// <summary>A package's file (<c>lib/net10.0/X.dll</c>) is copied flat into the folder.</summary>
    private static bool IsThere(string folder, string file) =>
        File.Exists(Path.Combine(folder, Path.GetFileName(file))) || File.Exists(Path.Combine(folder, file));
}
