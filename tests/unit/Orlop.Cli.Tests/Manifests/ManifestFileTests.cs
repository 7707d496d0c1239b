using Orlop.Cli.Hosting;
using Orlop.Cli.Manifests;
using Orlop.Cli.Tests.Fakes;

namespace Orlop.Cli.Tests.Manifests;

public sealed class ManifestFileTests
{
    [Theory]
    [InlineData("wrong-fields")]
    [InlineData("unsupported")]
    [InlineData("wrong-values")]
    public void All_errors_and_warnings_come_together_with_their_lines(string name)
    {
        var warnings = new List<string>();
        string file = $"{name}.yaml";
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Manifests/Files", file));

        var read = () => ManifestFile.Read(file, text, warnings.Add);

        var failure = read.Should().Throw<CliException>().Which;
        failure.ExitCode.Should().Be(2);
        string.Concat(warnings.Select(warning => $"warning: {warning}\n").Append(failure.Message + "\n")).ShouldMatchGolden($"manifest-{name}.txt");
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("# nothing\n---\n", "it is empty")]
    [InlineData("- a\n", "it is not an object")]
    [InlineData("a: 1\n---\nb: 2\n", "it has 2 documents, the second at line 3; put each Pod in a file of its own")]
    [InlineData("a: [1\n", "line 2, column 1: ")]
    [InlineData("a: 1\na: 2\n", "line 2, column 1: ")]
    [InlineData("apiVersion: apps/v1\nkind: Deployment\n", "pod.yaml:2: kind: it is a Deployment of apps/v1; orlop run takes a Pod of v1")]
    public void What_is_no_single_pod_is_refused(string text, string reason)
    {
        var read = () => ManifestFile.Read("pod.yaml", text, _ => { });

        read.Should().Throw<CliException>().Which.Message.Should().StartWith("read pod.yaml: ").And.Contain(reason);
    }

    [Fact]
    public void A_single_document_between_separators_is_read() =>
        ManifestFile.Read("pod.yaml", "---\napiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: i}]}\n---\n", _ => { }).Name.Should().Be("a");

    [Theory]
    [InlineData("busybox", nameof(ImagePullPolicy.Always))]
    [InlineData("localhost:5000/busybox", nameof(ImagePullPolicy.Always))]
    [InlineData("busybox:latest", nameof(ImagePullPolicy.Always))]
    [InlineData("busybox:1", nameof(ImagePullPolicy.IfNotPresent))]
    [InlineData("busybox@sha256:00", nameof(ImagePullPolicy.IfNotPresent))]
    public void Without_a_pull_policy_only_latest_is_pulled_always(string image, string policy) =>
        Read($"containers: [{{name: c, image: \"{image}\"}}]").Containers[0].PullPolicy.ToString().Should().Be(policy);

    [Fact]
    public void A_generated_name_and_uid_are_new_each_time()
    {
        const string Text = "apiVersion: v1\nkind: Pod\nmetadata: {generateName: job-}\nspec: {containers: [{name: c, image: i}]}\n";

        var first = ManifestFile.Read("pod.yaml", Text, _ => { });
        var second = ManifestFile.Read("pod.yaml", Text, _ => { });

        first.Name.Should().MatchRegex("^job-[a-z0-9]{5}$").And.NotBe(second.Name);
        first.Uid.Should().NotBe(second.Uid);
    }

    [Fact]
    public void A_pod_as_the_API_server_shows_it_is_read_with_warnings_only()
    {
        var warnings = new List<string>();
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Manifests/Files/exported.yaml"));

        var pod = ManifestFile.Read("exported.yaml", text, warnings.Add);

        pod.RestartPolicy.Should().Be(RestartPolicy.Always);
        warnings.Should().HaveCount(6).And.OnlyContain(warning => warning.Contains("orlop run", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("hello.yaml")]
    [InlineData("two-containers.yaml")]
    [InlineData("limits.yaml")]
    public void The_samples_are_read_without_a_warning(string name)
    {
        var warnings = new List<string>();

        ManifestFile.Read(name, File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "samples", name)), warnings.Add);

        warnings.Should().BeEmpty();
    }

    private static PodManifest Read(string spec) =>
        ManifestFile.Read("pod.yaml", $"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec:\n  {spec}\n", _ => { });
}
