using System.Text;
using CsCheck;
using Orlop.Cni.Results;

namespace Orlop.Cni.Tests.Results;

public sealed class CniResultReaderTests
{
    [Fact]
    public void A_result_of_0_2_0_has_one_address_of_each_family() =>
        Addresses("""{"cniVersion":"0.2.0","ip4":{"ip":"10.1.0.5/16","gateway":"10.1.0.1"},"ip6":{"ip":"fd00::5/64"},"dns":{}}""").Should().Equal("10.1.0.5", "fd00::5");

    [Fact]
    public void A_result_of_0_3_1_names_versions_of_addresses_too() => Addresses(
        """{"cniVersion":"0.3.1","interfaces":[{"name":"eth0","mac":"0a:58","sandbox":"/x"}],"ips":[{"version":"6","interface":0,"address":"fd00::5/64"},{"version":"4","interface":0,"address":"10.1.0.5/16"}]}""")
        .Should().Equal("fd00::5", "10.1.0.5");

    [Fact]
    public void Addresses_of_the_nodes_interfaces_are_not_the_pods() => Addresses(
        """{"interfaces":[{"name":"cni0"},{"name":"veth1"},{"name":"eth0","sandbox":"/x"}],"ips":[{"address":"10.1.0.1/16","interface":0},{"address":"10.1.0.5/16","interface":2}]}""")
        .Should().Equal("10.1.0.5");

    [Fact]
    public void Addresses_of_a_second_interface_of_the_pod_are_not_the_pods_either() => Addresses(
        """{"interfaces":[{"name":"net1","sandbox":"/x"},{"name":"eth0","sandbox":"/x"}],"ips":[{"address":"10.9.0.1/16","interface":0},{"address":"10.1.0.5/16","interface":1}]}""")
        .Should().Equal("10.1.0.5");

    [Fact]
    public void Where_the_pods_interface_has_none_the_pods_other_interfaces_count() => Addresses(
        """{"interfaces":[{"name":"cni0"},{"name":"net1","sandbox":"/x"}],"ips":[{"address":"10.1.0.1/16","interface":0},{"address":"10.9.0.1/16","interface":1}]}""")
        .Should().Equal("10.9.0.1");

    [Fact]
    public void Without_interfaces_all_addresses_are_the_pods_once() =>
        Addresses("""{"ips":[{"address":"10.1.0.5/16"},{"address":"10.1.0.5/16","interface":null},{"address":"fd00::5/64"}],"interfaces":null}""").Should().Equal("10.1.0.5", "fd00::5");

    [Theory]
    [InlineData("""{"ips":[]}""", """{"cniVersion":"1.0.0","ips":[]}""")]
    [InlineData("""{"ips":[],"ips":[]}""", """{"cniVersion":"1.0.0","ips":[],"ips":[]}""")]
    [InlineData("""{"cniVersion":"","ips":[]}""", """{"cniVersion":"1.0.0","ips":[]}""")]
    [InlineData("""{"cniVersion":"0.4.0","x":1.50}""", """{"cniVersion":"0.4.0","x":1.50}""")]
    public void A_result_is_handed_on_as_it_is_with_a_version(string output, string expected) => Read(output).Json.GetRawText().Should().Be(expected);

    [Theory]
    [InlineData("", "nothing")]
    [InlineData(" \n", "nothing")]
    [InlineData("x", "no JSON")]
    [InlineData("""{"x":"\ud800"}""", "not valid Unicode")]
    [InlineData("7", "not an object")]
    [InlineData("""{"ips":{}}""", "'ips' of its result is Object")]
    [InlineData("""{"ips":[7]}""", "Number where an object belongs")]
    [InlineData("""{"ips":[{"address":"10.1.0.5"}]}""", "'10.1.0.5' in its result")]
    [InlineData("""{"ips":[{"address":"10.1.0.5/33"}]}""", "10.1.0.5/33")]
    [InlineData("""{"ips":[{}]}""", "''")]
    [InlineData("""{"ips":[{"address":"10.1.0.5/16","interface":1}],"interfaces":[{"name":"eth0"}]}""", "interface 1, but there are 1")]
    [InlineData("""{"ips":[{"address":"10.1.0.5/16","interface":-1}],"interfaces":[{"name":"eth0"}]}""", "interface -1")]
    [InlineData("""{"interfaces":[{"name":7}]}""", "'name' in its result")]
    public void What_is_no_result_is_said(string output, string expected)
    {
        Action read = () => Read(output);
        read.Should().Throw<InvalidResultException>().Which.Message.Should().Contain(expected);
    }

    [Fact]
    public void Any_output_is_a_result_or_a_clear_error()
    {
        string[] pieces =
        [
            "{", "}", "[", "]", ",", ":", "null", "1", "-1", "\"ips\"", "\"ip4\"", "\"ip\"", "\"interfaces\"", "\"interface\"", "\"address\"",
            "\"10.0.0.1/8\"", "\"fd00::1/64\"", "\"cniVersion\"", "\"name\"", "\"sandbox\"", "\"\\ud800\"",
        ];
        Gen.OneOf(pieces).Array[0, 40].Sample(parts => ReadsOrRefuses(string.Concat(parts)), iter: 5000);
    }

    [Fact]
    public void Addresses_come_out_as_they_went_in() =>
        Gen.Select(Gen.Byte.Array[4], Gen.Int[0, 32], Gen.Byte.Array[16], Gen.Int[0, 128]).Sample((four, prefix4, six, prefix6) =>
        {
            var v4 = new System.Net.IPAddress(four);
            var v6 = new System.Net.IPAddress(six);
            CniResult result = Read($$"""{"ips":[{"address":"{{v4}}/{{prefix4}}"},{"address":"{{v6}}/{{prefix6}}"}]}""");
            return result.Addresses[0] == new CniAddress(v4, prefix4, null) && result.Addresses[1] == new CniAddress(v6, prefix6, null);
        });

    private static bool ReadsOrRefuses(string output)
    {
        try
        {
            return Read(output).PodAddresses("eth0") is not null;
        }
        catch (InvalidResultException e)
        {
            return e.Message.Length > 0;
        }
    }

    private static IEnumerable<string> Addresses(string output) => Read(output).PodAddresses("eth0").Select(address => address.ToString());

    private static CniResult Read(string output) => CniResultReader.Read(Encoding.UTF8.GetBytes(output), "1.0.0");
}
