using Orlop.Cni.Tests.Support;

namespace Orlop.Cni.Tests.Execution;

public sealed class VersionTests : NodeTest
{
    private const string UpTo100 = """echo '{"cniVersion":"1.0.0","supportedVersions":["0.3.1","0.4.0","1.0.0"]}'""";

    [Fact]
    public async Task The_newest_version_that_configuration_and_plugins_share_is_spoken()
    {
        Node.WriteConfiguration("""{"cniVersion":"0.3.1","cniVersions":["1.1.0","1.0.0","9.0.0"],"name":"net","plugins":[{"type":"alpha"},{"type":"beta"}]}""");
        Node.WritePlugin("alpha");
        Node.WritePlugin("beta", version: UpTo100);
        await Node.StartAsync();

        await Node.AttachAsync("s1");

        Node.Input("alpha", "ADD").GetProperty("cniVersion").GetString().Should().Be("1.0.0");
        Node.Input("beta", "ADD").GetProperty("cniVersion").GetString().Should().Be("1.0.0");
    }

    [Fact]
    public async Task A_plugin_that_does_not_speak_the_configurations_version_is_named_with_both()
    {
        Node.WriteList("1.1.0", "alpha");
        Node.WritePlugin("alpha", version: UpTo100);
        await Node.StartAsync();

        Node.Network.Status.Ready.Should().BeFalse();
        Node.Network.Status.Message.Should().Contain("1.1.0").And.Contain("'alpha'").And.Contain("0.3.1, 0.4.0, 1.0.0").And.Contain("10-test.conflist");
    }

    [Theory]
    [InlineData("exit 1")]
    [InlineData("echo hello")]
    [InlineData("echo '{}'")]
    public async Task A_plugin_that_does_not_answer_is_taken_at_the_configurations_word(string version)
    {
        Node.WriteList("0.4.0", "alpha");
        Node.WritePlugin("alpha", version: version);
        await Node.StartAsync();

        Node.Network.Status.Ready.Should().BeTrue();
        (await Node.AttachAsync("s1")).Addresses.Should().ContainSingle();
    }

    [Fact]
    public async Task A_program_is_asked_once_until_its_file_changes()
    {
        Node.WriteList("1.0.0", "alpha");
        string asked = Path.Combine(Node.Root, "asked");
        Node.WritePlugin("alpha", version: $"echo x >> {asked}; {UpTo100}");
        await Node.StartAsync();
        await Node.AttachAsync("s1");
        await Node.AttachAsync("s2");
        File.ReadAllLines(asked).Should().HaveCount(1);

        Node.WritePlugin("alpha", version: $"echo xx >> {asked}; {UpTo100}");
        await Node.AttachAsync("s3");
        File.ReadAllLines(asked).Should().Equal("x", "xx");
    }

    [Fact]
    public async Task A_plugin_of_0_2_0_names_no_list_and_its_result_is_understood()
    {
        Node.WriteConfiguration("""{"cniVersion":"0.2.0","name":"net","type":"alpha"}""", "10-net.conf");
        Node.WritePlugin("alpha", add: """echo '{"cniVersion":"0.2.0","ip4":{"ip":"10.1.0.5/24"}}'""", version: """echo '{"cniVersion":"0.2.0"}'""");
        await Node.StartAsync();

        (await Node.AttachAsync("s1")).Addresses.Should().ContainSingle().Which.ToString().Should().Be("10.1.0.5");
    }
}
