namespace Orlop.Host.Configuration;

/// <summary>The built-in list of plugin folders.</summary>
internal static class PluginFolders
{
    /// <summary>The distribution's, the vendors', and the one beside the program's folder in a tree that is not installed.</summary>
    public static IReadOnlyList<string> Default { get; } = Compute(AppContext.BaseDirectory);

    internal static IReadOnlyList<string> Compute(string programFolder)
    {
        string besideProgram = Path.GetFullPath(Path.Combine(programFolder, "..", "plugins"));
        string[] installed = ["/usr/lib/orlop/plugins", "/opt/orlop/plugins"];
        return Directory.Exists(besideProgram) && !installed.Contains(besideProgram, StringComparer.Ordinal)
            ? [.. installed, besideProgram]
            : installed;
    }
}
