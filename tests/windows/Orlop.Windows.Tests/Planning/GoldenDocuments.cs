using System.Text.Json;
using System.Text.Json.Nodes;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci;
using Orlop.Windows.Documents;
using Orlop.Windows.Host;
using Orlop.Windows.Planning;
using Orlop.Windows.Simulator;
using Orlop.Windows.Tests.Support;

namespace Orlop.Windows.Tests.Planning;

/// <summary>OCI specs and the documents that they become: hcsshim's own where they are at hand, and ours.</summary>
public sealed class GoldenDocuments
{
    private static readonly LayerDocument Layer = new("0b5f4a47-2c7d-5a4b-9d3a-5d1d6f0a7e11", @"C:\layers\1");
    private static readonly Guid Namespace = new("a8a2b5c1-0000-4000-8000-000000000001");

    [ReferenceTheory]
    [InlineData("minimal")]
    [InlineData("limits")]
    [InlineData("cpu-count")]
    [InlineData("mounts")]
    [InlineData("devices")]
    [InlineData("dns")]
    [InlineData("dumps")]
    public void A_spec_becomes_the_document_that_hcsshim_sends(string name) => ShouldBecome(Path.Combine(SharedReference.Folder, "golden"), name);

    [ReferenceTheory]
    [InlineData("badroot")]
    [InlineData("cpu-exclusive")]
    [InlineData("readonly")]
    [InlineData("cpu-shares-mem1byte")] // hcsshim rounds one byte down to no limit; we refuse it
    public void What_cannot_be_is_refused(string name)
    {
        var plan = () => Document(Path.Combine(SharedReference.Folder, "golden"), name);

        plan.Should().Throw<RuntimeException>().Which.Kind.Should().Be(ErrorKind.InvalidArgument);
    }

    [Theory]
    [InlineData("everything")]
    [InlineData("plain")]
    public void A_spec_becomes_our_own_golden(string name) => ShouldBecome(Path.Combine(AppContext.BaseDirectory, "Goldens"), name);

    [ReferenceTheory]
    [InlineData("everything")]
    [InlineData("plain")]
    public void Our_documents_are_of_the_schema(string name) =>
        SharedReference.Schema!.Errors(Document(Path.Combine(AppContext.BaseDirectory, "Goldens"), name), "ComputeSystem").Should().BeEmpty();

    [ReferenceFact]
    public void The_schema_table_finds_what_is_wrong() => SharedReference.Schema!
        .Errors("""{"Owner":1,"Container":{"Bogus":true,"Storage":{"Layers":[{"Id":"x","Nope":1}]}}}""", "ComputeSystem")
        .Should().Equal("$.Owner: Number instead of string", "$.Container.Bogus: unknown property of Container", "$.Container.Storage.Layers[0].Nope: unknown property of Layer");

    private static void ShouldBecome(string folder, string name)
    {
        string document = Document(folder, name);

        var actual = JsonNode.Parse(document);
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, $"{name}.hcs.json")));
        JsonNode.DeepEquals(actual, expected).Should().BeTrue("{0} should equal {1}", actual, expected);
        (SharedReference.Schema?.Errors(document, "ComputeSystem") ?? []).Should().BeEmpty();
    }

    private static string Document(string folder, string name)
    {
        var spec = JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(folder, $"{name}.oci.json")), OciJson.Default.Spec)!;
        var planner = new ContainerPlanner(new SimulatedHost(), processors: 4);
        var document = planner.Plan("cid", "cri", spec, new MountedLayers(spec.Root!.Path!, [Layer]), Namespace);
        return JsonSerializer.Serialize(document with { ShouldTerminateOnLastHandleClosed = true }, HcsJson.Default.ComputeSystemDocument);
    }
}
