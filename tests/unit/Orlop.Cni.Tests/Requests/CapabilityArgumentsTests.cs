using System.Net;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Networking;
using Orlop.Cni.Requests;
using Orlop.Cni.Tests.Support;

namespace Orlop.Cni.Tests.Requests;

public sealed class CapabilityArgumentsTests
{
    [Fact]
    public void A_pod_that_asks_for_nothing_offers_nothing() => Json(Node.Request("s1")).Should().Be("{}");

    [Fact]
    public void Only_ports_of_the_node_are_mapped() => Json(Node.Request("s1") with
    {
        PortMappings = [new("TCP", 80, 8080, ""), new("udp", 53, 0, ""), new("sctp", 9, 9, "192.0.2.1")],
    }).Should().Be("""{"portMappings":[{"hostPort":8080,"containerPort":80,"protocol":"tcp"},{"hostPort":9,"containerPort":9,"protocol":"sctp","hostIP":"192.0.2.1"}]}""");

    [Fact]
    public void Dns_is_given_as_it_was_asked_for() => Json(Node.Request("s1") with { Dns = new DnsConfig(["10.0.0.10"], ["svc.cluster.local"], ["ndots:5"]) })
        .Should().Be("""{"dns":{"servers":["10.0.0.10"],"searches":["svc.cluster.local"],"options":["ndots:5"]}}""");

    [Fact]
    public void Rates_come_from_the_annotations_with_the_bursts_of_other_runtimes() => Json(Annotated((Bandwidth.IngressAnnotation, "10M"), (Bandwidth.EgressAnnotation, "1.5G")))
        .Should().StartWith("""{"bandwidth":{"ingressRate":10000000,"ingressBurst":4294967295,"egressRate":1500000000,"egressBurst":4294967295}""");

    [Fact]
    public void A_single_rate_limits_one_direction() => Json(Annotated((Bandwidth.EgressAnnotation, "1k")))
        .Should().StartWith("""{"bandwidth":{"egressRate":1000,"egressBurst":4294967295}""");

    [Fact]
    public void Annotations_are_offered_in_a_stable_order() => Json(Annotated(("b", "2"), ("a", "1")))
        .Should().Be("""{"io.kubernetes.cri.pod-annotations":{"a":"1","b":"2"}}""");

    [Fact]
    public void Each_pod_cidr_is_a_pool_of_its_own() => Json(Node.Request("s1"), IPNetwork.Parse("10.2.3.0/24"), IPNetwork.Parse("fd00::/64"))
        .Should().Be("""{"ipRanges":[[{"subnet":"10.2.3.0/24"}],[{"subnet":"fd00::/64"}]]}""");

    [Theory]
    [InlineData("10Mbit", "is no quantity")]
    [InlineData("999", "between 1k and 1P")]
    [InlineData("2P", "between 1k and 1P")]
    [InlineData("-10M", "between 1k and 1P")]
    public void A_rate_that_makes_no_sense_is_refused_by_name_and_value(string rate, string expected)
    {
        Action write = () => Json(Annotated((Bandwidth.IngressAnnotation, rate)));
        write.Should().Throw<RuntimeException>().Where(e => e.Kind == ErrorKind.InvalidArgument)
            .Which.Message.Should().Contain(Bandwidth.IngressAnnotation).And.Contain(rate).And.Contain(expected);
    }

    private static PodNetworkRequest Annotated(params (string Key, string Value)[] annotations) =>
        Node.Request("s1") with { Annotations = annotations.ToDictionary(pair => pair.Key, pair => pair.Value) };

    private static string Json(PodNetworkRequest request, params IPNetwork[] podCidrs) => CapabilityArguments.For(request, podCidrs).GetRawText();
}
