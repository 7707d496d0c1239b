using System.Text;
using CsCheck;
using Orlop.Cni.Configuration;

namespace Orlop.Cni.Tests.Configuration;

public sealed class NetworkConfigurationReaderTests
{
    // The example of the specification, section 1.
    private const string Example = """
        {
          "cniVersion": "1.1.0",
          "cniVersions": ["0.3.1", "0.4.0", "1.0.0", "1.1.0"],
          "name": "dbnet",
          "plugins": [
            {
              "type": "bridge",
              "bridge": "cni0",
              "keyA": ["some more", "plugin specific", "configuration"],
              "ipam": { "type": "host-local", "subnet": "10.1.0.0/16", "gateway": "10.1.0.1", "routes": [ {"dst": "0.0.0.0/0"} ] },
              "dns": { "nameservers": [ "10.1.0.1" ] }
            },
            { "type": "tuning", "capabilities": { "mac": true, "mtu": false }, "sysctl": { "net.core.somaxconn": "500" } },
            { "type": "portmap", "capabilities": {"portMappings": true} }
          ]
        }
        """;

    [Fact]
    public void The_example_of_the_specification_is_read()
    {
        NetworkConfiguration network = Read(Example);

        network.Name.Should().Be("dbnet");
        network.Versions.Should().Equal("1.1.0", "1.0.0", "0.4.0", "0.3.1");
        network.Plugins.Select(plugin => plugin.Type).Should().Equal("bridge", "tuning", "portmap");
        network.Plugins.Select(plugin => string.Join(',', plugin.Capabilities)).Should().Equal("", "mac", "portMappings");
        network.DisableCheck.Should().BeFalse();
        network.DisableGarbageCollection.Should().BeFalse();
    }

    [Fact]
    public void A_single_plugin_is_a_list_of_one()
    {
        NetworkConfiguration network = Read("""{"cniVersion":"0.3.1","name":"mynet","type":"bridge","bridge":"cni0"}""");

        network.Name.Should().Be("mynet");
        network.Plugins.Should().ContainSingle().Which.Type.Should().Be("bridge");
    }

    [Theory]
    [InlineData("", "0.1.0")]
    [InlineData("\"cniVersion\":\"\",", "0.1.0")]
    [InlineData("\"cniVersion\":\"0.3.0\",", "0.3.0")]
    [InlineData("\"cniVersions\":[\"0.4.0\",\"0.3.1\"],", "0.4.0,0.3.1")]
    [InlineData("\"cniVersion\":\"2.0.0\",\"cniVersions\":[\"1.0.0\",\"1.2.0\"],", "1.0.0")]
    [InlineData("\"cniVersion\":\"1.0.0\",\"cniVersions\":[\"1.0.0\"],", "1.0.0")]
    public void Known_versions_are_kept_the_newest_first(string keys, string expected) =>
        string.Join(',', Read($$"""{{{keys}}"name":"n","type":"bridge"}""").Versions).Should().Be(expected);

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"True\"", true)]
    [InlineData("\"false\"", false)]
    [InlineData("false", false)]
    public void Flags_may_be_written_as_words(string value, bool expected)
    {
        NetworkConfiguration network = Read($$"""{"name":"n","disableCheck":{{value}},"disableGC":{{value}},"type":"bridge"}""");

        network.DisableCheck.Should().Be(expected);
        network.DisableGarbageCollection.Should().Be(expected);
    }

    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("{", "not JSON")]
    [InlineData("[]", "is a list, not an object")]
    [InlineData("""{"name":"\ud800","type":"bridge"}""", "not valid Unicode")]
    [InlineData("""{"name":"n","type":"bridge","deep":[{"\udc00":1}]}""", "not valid Unicode")]
    [InlineData("""{"type":"bridge"}""", "no 'name'")]
    [InlineData("""{"name":"","type":"bridge"}""", "name '' is not a letter or digit")]
    [InlineData("""{"name":"../evil","type":"bridge"}""", "'../evil'")]
    [InlineData("""{"name":"net\n","type":"bridge"}""", "is not a letter or digit")]
    [InlineData("""{"name":7,"type":"bridge"}""", "'name' of the configuration is the number 7, not a string")]
    [InlineData("""{"name":"n","name":"m","type":"bridge"}""", "the key 'name' twice")]
    [InlineData("""{"name":"n"}""", "no 'plugins'")]
    [InlineData("""{"name":"n","plugins":[]}""", "'plugins' is empty")]
    [InlineData("""{"name":"n","plugins":{}}""", "'plugins' is an object, not a list")]
    [InlineData("""{"name":"n","plugins":[1]}""", "plugin 1 is the number 1, not an object")]
    [InlineData("""{"name":"n","plugins":[{}]}""", "plugin 1 has no 'type'")]
    [InlineData("""{"name":"n","plugins":[{"type":"a"},{"type":"../b"}]}""", "the type '../b' of plugin 2")]
    [InlineData("""{"name":"n","plugins":[{"type":".."}]}""", "the type '..'")]
    [InlineData("""{"name":"n","plugins":[{"type":"a\\b"}]}""", "the type 'a\\b'")]
    [InlineData("""{"name":"n","plugins":[{"type":"a","type":"b"}]}""", "plugin 1 has the key 'type' twice")]
    [InlineData("""{"name":"n","plugins":[{"type":"a","capabilities":[]}]}""", "'capabilities' of plugin 1 is a list")]
    [InlineData("""{"name":"n","plugins":[{"type":"a","capabilities":{"mac":"yes"}}]}""", "the capability 'mac' of plugin 1")]
    [InlineData("""{"cniVersion":"1.2.0","name":"n","type":"a"}""", "CNI version 1.2.0 is not known here; known are 0.1.0, 0.2.0")]
    [InlineData("""{"cniVersion":1,"name":"n","type":"a"}""", "'cniVersion' of the configuration is the number 1")]
    [InlineData("""{"cniVersions":["1.0.0",1],"name":"n","type":"a"}""", "'cniVersions' is not a list of strings")]
    [InlineData("""{"disableGC":"maybe","name":"n","type":"a"}""", "'disableGC' is the string 'maybe'")]
    public void What_is_wrong_is_said(string json, string expected)
    {
        Action read = () => Read(json);
        read.Should().Throw<InvalidConfigurationException>().Which.Message.Should().Contain(expected);
    }

    [Fact]
    public void Any_bytes_are_a_configuration_or_a_clear_error() =>
        Gen.Byte.Array[0, 200].Sample(bytes => ReadsOrRefuses(bytes), iter: 2000);

    [Fact]
    public void Any_damage_to_a_good_file_leaves_a_configuration_or_a_clear_error()
    {
        byte[] good = Encoding.UTF8.GetBytes(Example);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, 40]).Sample(
            (at, value, cut) =>
            {
                byte[] damaged = [.. good[..at], value, .. good[Math.Min(at + cut, good.Length)..]];
                return ReadsOrRefuses(damaged);
            },
            iter: 3000);
    }

    private static bool ReadsOrRefuses(byte[] bytes)
    {
        try
        {
            return NetworkConfigurationReader.Read(bytes, "file").Plugins.Count > 0;
        }
        catch (InvalidConfigurationException e)
        {
            return e.Message.Length > 0;
        }
    }

    private static NetworkConfiguration Read(string json) => NetworkConfigurationReader.Read(Encoding.UTF8.GetBytes(json), "file");
}
