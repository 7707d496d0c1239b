using Orlop.Abstractions.Errors;
using Orlop.Cni.Tests.Support;

namespace Orlop.Cni.Tests.Attachments;

public sealed class CheckTests : NodeTest
{
    public CheckTests()
    {
        Node.WritePlugin("alpha");
        Node.WritePlugin("beta");
    }

    [Fact]
    public async Task Each_plugin_checks_against_the_result_of_the_attach()
    {
        await AttachedAsync("""{"cniVersion":"0.4.0","name":"net","plugins":[{"type":"alpha"},{"type":"beta"}]}""");

        await CheckAsync("s1");

        Node.Calls.Skip(2).Should().Equal("CHECK alpha s1 /run/netns/s1", "CHECK beta s1 /run/netns/s1");
        Node.Input("alpha", "CHECK").GetProperty("prevResult").GetProperty("ips").GetArrayLength().Should().Be(1);
    }

    [Theory]
    [InlineData("""{"cniVersion":"0.3.1","name":"net","plugins":[{"type":"alpha"}]}""")]
    [InlineData("""{"cniVersion":"1.0.0","name":"net","disableCheck":true,"plugins":[{"type":"alpha"}]}""")]
    public async Task Where_check_is_unknown_or_disabled_it_is_not_called(string configuration)
    {
        await AttachedAsync(configuration);

        await CheckAsync("s1");

        Node.Calls.Should().NotContain(call => call.StartsWith("CHECK"));
    }

    [Fact]
    public async Task A_difference_is_reported_in_the_plugins_words()
    {
        await AttachedAsync("""{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"alpha"}]}""");
        Node.WritePlugin("alpha", check: Node.Error(100, "eth0 has no 10.1.0.5"));

        await this.Awaiting(test => test.CheckAsync("s1")).Should().ThrowAsync<RuntimeException>().WithMessage("*CNI CHECK*eth0 has no 10.1.0.5*");
    }

    [Fact]
    public async Task A_sandbox_without_an_attachment_is_not_found()
    {
        await AttachedAsync("""{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"alpha"}]}""");

        await this.Awaiting(test => test.CheckAsync("other")).Should().ThrowAsync<RuntimeException>().Where(e => e.Kind == ErrorKind.NotFound);
    }

    private Task CheckAsync(string sandbox) => Node.Network.CheckAsync(sandbox, $"/run/netns/{sandbox}", Node.Phase, CancellationToken.None);

    private async Task AttachedAsync(string configuration)
    {
        Node.WriteConfiguration(configuration);
        await Node.StartAsync();
        await Node.AttachAsync("s1");
    }
}
