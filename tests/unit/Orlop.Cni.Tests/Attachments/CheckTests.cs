using Orlop.Abstractions.Errors;
using Orlop.Cni.Tests.Support;

namespace Orlop.Cni.Tests.Attachments;

public sealed class CheckTests : IAsyncLifetime
{
    private readonly Node _node = new();

    public Task InitializeAsync()
    {
        _node.WritePlugin("alpha");
        _node.WritePlugin("beta");
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        _node.Log.Errors.Should().BeEmpty();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Each_plugin_checks_against_the_result_of_the_attach()
    {
        await AttachedAsync("""{"cniVersion":"0.4.0","name":"net","plugins":[{"type":"alpha"},{"type":"beta"}]}""");

        await CheckAsync("s1");

        _node.Calls.Skip(2).Should().Equal("CHECK alpha s1 /run/netns/s1", "CHECK beta s1 /run/netns/s1");
        _node.Input("alpha", "CHECK").GetProperty("prevResult").GetProperty("ips").GetArrayLength().Should().Be(1);
    }

    [Theory]
    [InlineData("""{"cniVersion":"0.3.1","name":"net","plugins":[{"type":"alpha"}]}""")]
    [InlineData("""{"cniVersion":"1.0.0","name":"net","disableCheck":true,"plugins":[{"type":"alpha"}]}""")]
    public async Task Where_check_is_unknown_or_disabled_it_is_not_called(string configuration)
    {
        await AttachedAsync(configuration);

        await CheckAsync("s1");

        _node.Calls.Should().NotContain(call => call.StartsWith("CHECK"));
    }

    [Fact]
    public async Task A_difference_is_reported_in_the_plugins_words()
    {
        await AttachedAsync("""{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"alpha"}]}""");
        _node.WritePlugin("alpha", check: Node.Error(100, "eth0 has no 10.1.0.5"));

        await this.Awaiting(test => test.CheckAsync("s1")).Should().ThrowAsync<RuntimeException>().WithMessage("*CNI CHECK*eth0 has no 10.1.0.5*");
    }

    [Fact]
    public async Task A_sandbox_without_an_attachment_is_not_found()
    {
        await AttachedAsync("""{"cniVersion":"1.0.0","name":"net","plugins":[{"type":"alpha"}]}""");

        await this.Awaiting(test => test.CheckAsync("other")).Should().ThrowAsync<RuntimeException>().Where(e => e.Kind == ErrorKind.NotFound);
    }

    private Task CheckAsync(string sandbox) => _node.Network.CheckAsync(sandbox, $"/run/netns/{sandbox}", _node.Phase, CancellationToken.None);

    private async Task AttachedAsync(string configuration)
    {
        _node.WriteConfiguration(configuration);
        await _node.StartAsync();
        await _node.AttachAsync("s1");
    }
}
