using System.Text;
using System.Text.Json;
using Orlop.Cni.Configuration;

namespace Orlop.Cni.Tests.Configuration;

public sealed class RequestConfigurationTests
{
    private const string Capabilities = """{"portMappings":[{"hostPort":80,"containerPort":8080,"protocol":"tcp"}],"mac":"c2:11:22:33:44:55"}""";

    [Fact]
    public void Unknown_keys_pass_through_to_the_digit() => Derive(
        """{"type":"p","big":123456789012345678901234567890,"exact":1.10,"nested":{"b":1,"a":[null,true,"ä"]},"cniVersion":"0.1.0","name":"own"}""", null)
        .Should().Be("""{"cniVersion":"1.0.0","name":"net","type":"p","big":123456789012345678901234567890,"exact":1.10,"nested":{"b":1,"a":[null,true,"\u00E4"]}}""");

    [Fact]
    public void Only_declared_capabilities_are_given_and_the_declaration_is_not() => Derive("""{"type":"p","capabilities":{"mac":true,"portMappings":false,"ips":true}}""", null)
        .Should().Be("""{"cniVersion":"1.0.0","name":"net","type":"p","runtimeConfig":{"mac":"c2:11:22:33:44:55"}}""");

    [Fact]
    public void A_runtime_config_of_the_file_stays_where_the_runtime_has_none() => Derive("""{"type":"p","runtimeConfig":{"x":1}}""", null)
        .Should().Be("""{"cniVersion":"1.0.0","name":"net","type":"p","runtimeConfig":{"x":1}}""");

    [Fact]
    public void A_runtime_config_of_the_file_gives_way_to_the_runtimes() => Derive("""{"type":"p","runtimeConfig":{"x":1},"capabilities":{"mac":true}}""", null)
        .Should().Be("""{"cniVersion":"1.0.0","name":"net","type":"p","runtimeConfig":{"mac":"c2:11:22:33:44:55"}}""");

    [Fact]
    public void Keys_of_the_protocol_cannot_be_forged_by_the_file() => Derive("""{"type":"p","prevResult":{"ips":[]},"cni.dev/valid-attachments":[]}""", """{"ips":[1]}""")
        .Should().Be("""{"cniVersion":"1.0.0","name":"net","type":"p","prevResult":{"ips":[1]}}""");

    private static string Derive(string plugin, string? previous)
    {
        byte[] source = Encoding.UTF8.GetBytes($$"""{"name":"net","plugins":[{{plugin}}]}""");
        PluginConfiguration read = NetworkConfigurationReader.Read(source, "file").Plugins[0];
        JsonElement? result = previous is null ? null : JsonDocument.Parse(previous).RootElement;
        return Encoding.UTF8.GetString(RequestConfiguration.ForAttachment("net", "1.0.0", read, JsonDocument.Parse(Capabilities).RootElement, result));
    }
}
