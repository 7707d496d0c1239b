namespace Orlop.Cni.Execution;

/// <summary>Finds plugin programs by their type.</summary>
internal sealed class PluginBinaries(IReadOnlyList<string> folders)
{
    // Windows looks for a program by its extension; libcni tries the same two.
    private static readonly string[] s_extensions = OperatingSystem.IsWindows() ? [".exe", ""] : [""];

    /// <summary>The folders in the form of <c>CNI_PATH</c>.</summary>
    public string SearchPath { get; } = string.Join(Path.PathSeparator, folders);

    /// <summary>For messages.</summary>
    public string Folders { get; } = string.Join(", ", folders);

    /// <summary>The program's path, or null when no folder has it.</summary>
    public string? Find(string type) =>
        folders.SelectMany(folder => s_extensions.Select(extension => Path.Combine(folder, type + extension))).FirstOrDefault(File.Exists);
}
