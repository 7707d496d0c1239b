using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Orlop.Testing;

namespace Orlop.Architecture.Tests;

/// <summary>A product assembly as it was built beside these tests, read without loading it.</summary>
internal sealed class ProductAssembly
{
    private static readonly string[] Roots = ["abstractions", "cli", "host", "plugins"];

    private ProductAssembly(string name, string project, string path)
    {
        Name = name;
        Project = project;
        Folder = System.IO.Path.GetDirectoryName(path)!;
        using var file = File.OpenRead(path);
        using var portable = new PEReader(file);
        var metadata = portable.GetMetadataReader();
        References = [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    /// <summary>The assembly's name.</summary>
    public string Name { get; }

    /// <summary>The project's path, relative to the repository's root.</summary>
    public string Project { get; }

    /// <summary>Where it was built to.</summary>
    public string Folder { get; }

    /// <summary>The names of the assemblies that it references.</summary>
    public IReadOnlyList<string> References { get; }

    /// <summary>The assemblies among them that are ours.</summary>
    public IEnumerable<string> OwnReferences => References.Where(IsOurs);

    /// <summary>Every product assembly; one that was not built is an error.</summary>
    public static IReadOnlyList<ProductAssembly> All { get; } =
        [.. Roots.SelectMany(root => Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, root), "*.csproj", SearchOption.AllDirectories)).Select(Find)];

    private static ProductAssembly Find(string project)
    {
        // artifacts/bin/PROJECT/CONFIGURATION[_RID]/, as our own tests are built to.
        var name = System.IO.Path.GetFileNameWithoutExtension(project);
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var bin = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.FullName;
        var assembly = name switch { "Orlop.Host" => "orlopd", "Orlop.Cli" => "orlop", "Orlop.Linux.Supervisor" => "orlop-supervisor", _ => name };
        var path = Directory.EnumerateDirectories(System.IO.Path.Combine(bin, name), configuration + "*")
            .Select(folder => System.IO.Path.Combine(folder, assembly + ".dll"))
            .Where(File.Exists)
            .MaxBy(File.GetLastWriteTimeUtc);
        return new ProductAssembly(assembly, System.IO.Path.GetRelativePath(Repository.Root, project), path ?? throw new FileNotFoundException($"{name} was not built: {configuration}"));
    }

    private static bool IsOurs(string name) => name.StartsWith("orlop", StringComparison.OrdinalIgnoreCase);
}
