namespace Orlop.VendorTests;

[Collection(WorkshopCollection.Name)]
public sealed class Templates(Workshop workshop)
{
    private static readonly string Orlop = Path.Combine(Repository.Dist, "orlop", "orlop");

    // In /run of its own: the tests name network namespaces there.
    [NodeFact]
    public async Task A_network_made_from_the_template_keeps_the_contract_and_is_good()
    {
        await workshop.RunAsync(workshop.Folder, "dotnet", "new", "install", Directory.GetFiles(workshop.Packages, "Orlop.Templates.*.nupkg").Single());
        string folder = Directory.CreateDirectory(workshop.Below("samples/net")).FullName;
        File.Copy(workshop.Below("samples/acme/nuget.config"), Path.Combine(folder, "nuget.config"));

        await workshop.RunAsync(folder, "dotnet", "new", "orlop-plugin", "--name", "Acme.PodNet", "--vendor", "Acme", "--kind", "network", "--output", ".");
        string tests = await workshop.RunAsync(folder, Workshop.Isolated("sh", "-ec", "mount -t tmpfs tmpfs /run; mkdir /run/netns; exec dotnet test"));
        await workshop.RunAsync(folder, "dotnet", "publish", "src/Acme.PodNet", "--output", "out/acme-podnet");
        string verdict = await workshop.RunAsync(folder, Orlop, "plugins", "verify", "out/acme-podnet");

        tests.Should().Contain("Passed!").And.Contain("Failed:     0");
        verdict.Should().EndWith("plugin 'acme-podnet' 0.1.0 is good; it gives: network acme-podnet\n");
    }
}
