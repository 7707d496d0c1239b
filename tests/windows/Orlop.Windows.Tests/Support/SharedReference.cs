using Orlop.Windows.Simulator;

namespace Orlop.Windows.Tests.Support;

/// <summary>The reference data beside the source tree: hcsshim's own documents, and its schema as a table. Not everybody has it.</summary>
internal static class SharedReference
{
    public static string Folder { get; } = Path.Combine(Root(), "..", "shared", "windows");

    public static bool Exists { get; } = Directory.Exists(Folder);

    public static SchemaTable? Schema { get; } = Exists ? SchemaTable.Load(Path.Combine(Folder, "hcs-schema.json")) : null;

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Platform.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException($"no folder above {AppContext.BaseDirectory} holds Platform.sln");
    }
}
