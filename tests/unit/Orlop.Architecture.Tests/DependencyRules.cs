namespace Orlop.Architecture.Tests;

/// <summary>Who may know whom; docs/architecture.md says why.</summary>
public sealed class DependencyRules
{
    private const string Abstractions = "Orlop.Abstractions";
    private const string Cri = "Orlop.Cri";
    private const string Syscalls = "Orlop.Linux.Syscalls";

    /// <summary>What each assembly may reference of ours. A new project gets its line here.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        [Abstractions] = [],
        ["Orlop.PluginContracts"] = [Abstractions],
        [Cri] = [],
        ["orlopd"] = [Abstractions, Cri],
        ["orlop"] = [Cri],
        ["Orlop.Cni"] = [Abstractions, Syscalls],
        ["Orlop.Registry"] = [Abstractions, "Orlop.Layers", "Orlop.Snapshots", Syscalls],
        ["Orlop.Layers"] = [],
        ["Orlop.Snapshots"] = [Abstractions, "Orlop.Layers", Syscalls],
        ["Orlop.Linux"] = [Abstractions, Syscalls],
        [Syscalls] = [],
        ["orlop-supervisor"] = [Syscalls],
        ["Orlop.Windows"] = [Abstractions, "Orlop.Windows.Interop"],
        ["Orlop.Windows.Interop"] = [],
    };

    public static TheoryData<string> Assemblies => [.. ProductAssembly.All.Select(assembly => assembly.Name)];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void An_assembly_knows_only_whom_it_may(string name)
    {
        Allowed.Should().ContainKey(name, "each product assembly has its rule");

        Find(name).OwnReferences.Should().BeSubsetOf(Allowed[name]);
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Logging_plugin_loading_and_the_database_are_known_to_the_host_only(string name)
    {
        if (name != "orlopd")
        {
            Find(name).References.Should().NotContain(reference =>
                reference.StartsWith("Serilog", StringComparison.Ordinal)
                || reference.StartsWith("McMaster.", StringComparison.Ordinal)
                || reference.StartsWith("Microsoft.Data.Sqlite", StringComparison.Ordinal)
                || reference.StartsWith("SQLitePCLRaw", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Grpc_is_known_to_the_host_the_CRI_and_the_CLI_only()
    {
        ProductAssembly.All.Where(assembly => assembly.References.Any(reference => reference.StartsWith("Grpc.", StringComparison.Ordinal)))
            .Select(assembly => assembly.Name).Should().BeSubsetOf([Cri, "orlopd", "orlop"]);
    }

    [Fact]
    public void A_plugin_ships_none_of_the_assemblies_that_it_shares_with_the_host()
    {
        var plugins = ProductAssembly.All.Where(assembly => File.Exists(Path.Combine(assembly.Folder, "plugin.toml"))).ToList();

        plugins.Select(plugin => plugin.Name).Should().Contain(["Orlop.Cni", "Orlop.Linux", "Orlop.Registry"]);
        foreach (var shared in (string[])[Abstractions, "Autofac", "Microsoft.Extensions.Logging.Abstractions"])
        {
            plugins.Should().NotContain(plugin => File.Exists(Path.Combine(plugin.Folder, shared + ".dll")), "{0} has one identity for all", shared);
        }
    }

    private static ProductAssembly Find(string name) => ProductAssembly.All.Single(assembly => assembly.Name == name);
}
