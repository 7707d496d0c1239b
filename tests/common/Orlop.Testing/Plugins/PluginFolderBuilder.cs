using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Orlop.Abstractions.Plugins;

namespace Orlop.Testing.Plugins;

/// <summary>Makes plugin folders with assemblies that are written on the spot.</summary>
public sealed class PluginFolderBuilder(string root)
{
    private static readonly ConstructorInfo Attribute = typeof(OrlopPluginAttribute).GetConstructors().Single();

    /// <summary>The folder of the plugins' folders.</summary>
    public string Root { get; } = root;

    /// <summary>A plugin whose entry point is a module of another assembly: one that the loading process has, or that the caller puts beside.</summary>
    public string Add(string id, Type module, string settings = "", string? attributeId = null, string kinds = "\"network\"")
    {
        string folder = AddManifest(id, settings: settings, kinds: kinds);
        var assembly = new PersistedAssemblyBuilder(
            new AssemblyName("Test.Plugin") { Version = new Version(1, 0) }, typeof(object).Assembly, [new CustomAttributeBuilder(Attribute, [attributeId ?? id, module])]);
        assembly.DefineDynamicModule("Test.Plugin");
        assembly.Save(Path.Combine(folder, "Test.Plugin.dll"));
        return folder;
    }

    /// <summary>A folder with a manifest and an empty dependency file, and no assembly yet.</summary>
    public string AddManifest(string id, string? manifestId = null, string api = "0.1", string settings = "", string kinds = "\"network\"", string os = "[]")
    {
        string folder = Directory.CreateDirectory(Path.Combine(Root, id)).FullName;
        File.WriteAllText(Path.Combine(folder, "plugin.toml"), $"""
            id = "{manifestId ?? id}"
            version = "1.2.3"
            api = "{api}"
            assembly = "Test.Plugin.dll"
            kinds = [{kinds}]
            os = {os}
            {settings}
            """);
        WriteDependencies(folder, "");
        return folder;
    }

    /// <summary>The dependency file, with packages as its <c>targets</c> hold them.</summary>
    public static void WriteDependencies(string folder, string packages) => File.WriteAllText(Path.Combine(folder, "Test.Plugin.deps.json"), $$"""
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0", "signature": "" },
          "targets": { ".NETCoreApp,Version=v10.0": { {{packages}} } },
          "libraries": {}
        }
        """);

    /// <summary>An assembly that holds nothing but references to others, of any version.</summary>
    public static void WriteAssembly(string path, string name, params (string Name, Version Version)[] references)
    {
        var metadata = new MetadataBuilder();
        metadata.AddModule(0, metadata.GetOrAddString(Path.GetFileName(path)), metadata.GetOrAddGuid(Guid.NewGuid()), default, default);
        metadata.AddAssembly(metadata.GetOrAddString(name), new Version(1, 0, 0, 0), default, default, default(AssemblyFlags), AssemblyHashAlgorithm.None);
        metadata.AddTypeDefinition(TypeAttributes.NotPublic, default, metadata.GetOrAddString("<Module>"), default, MetadataTokens.FieldDefinitionHandle(1), MetadataTokens.MethodDefinitionHandle(1));
        foreach (var (referenced, version) in references)
            metadata.AddAssemblyReference(metadata.GetOrAddString(referenced), version, default, default, default(AssemblyFlags), default);

        var image = new BlobBuilder();
        new ManagedPEBuilder(PEHeaderBuilder.CreateLibraryHeader(), new MetadataRootBuilder(metadata), new BlobBuilder()).Serialize(image);
        File.WriteAllBytes(path, image.ToArray());
    }
}
