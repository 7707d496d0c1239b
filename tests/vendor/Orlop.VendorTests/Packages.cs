using System.IO.Compression;
using System.Xml.Linq;

namespace Orlop.VendorTests;

[Collection(WorkshopCollection.Name)]
public sealed class Packages(Workshop workshop)
{
    [Fact]
    public void The_abstractions_are_for_compilation_only()
    {
        using var package = Open("Orlop.Abstractions");

        package.Entries.Select(entry => entry.FullName).Should().Contain(["ref/net10.0/Orlop.Abstractions.dll", "ref/net10.0/Orlop.Abstractions.xml", "lib/net10.0/_._", "build/Orlop.Abstractions.props"])
            .And.NotContain(name => name.StartsWith("lib/") && name.EndsWith(".dll"));
        Dependencies(package, "Orlop.Abstractions").Should().NotBeEmpty().And.OnlyContain(dependency => dependency.Exclude.Contains("Runtime"));
    }

    [Fact]
    public void The_contract_tests_bring_what_they_run_with_and_no_second_reference_to_it()
    {
        using var package = Open("Orlop.PluginContracts");

        package.Entries.Select(entry => entry.FullName).Should().Contain(["lib/net10.0/Orlop.PluginContracts.dll", "lib/net10.0/Orlop.Abstractions.dll", "ref/net10.0/Orlop.PluginContracts.dll"])
            .And.NotContain("ref/net10.0/Orlop.Abstractions.dll");
        var dependencies = Dependencies(package, "Orlop.PluginContracts");
        dependencies.Should().ContainSingle(dependency => dependency.Id == "Orlop.Abstractions").Which.Version.Should().StartWith("[").And.EndWith("]", "its code is that of just this version");
        dependencies.Should().NotContain(dependency => dependency.Exclude.Contains("Runtime"));
    }

    private ZipArchive Open(string id) => ZipFile.OpenRead(Directory.GetFiles(workshop.Packages, id + ".*.nupkg").Single());

    private static List<(string Id, string Version, string Exclude)> Dependencies(ZipArchive package, string id)
    {
        using var stream = package.GetEntry(id + ".nuspec")!.Open();
        return [.. XDocument.Load(stream).Descendants().Where(element => element.Name.LocalName == "dependency")
            .Select(element => (element.Attribute("id")!.Value, element.Attribute("version")!.Value, element.Attribute("exclude")?.Value ?? ""))];
    }
}
