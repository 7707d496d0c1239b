using Orlop.Abstractions.Errors;
using Orlop.Registry.Hosts;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Hosts;

public sealed class RegistryHostsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_any_file_a_registry_is_asked_over_https()
    {
        Find("docker.io").Single().Base.Should().Be(new Uri("https://registry-1.docker.io/v2"));
        Find("localhost:5000").Single().Base.Should().Be(new Uri("https://localhost:5000/v2"));
    }

    [Fact]
    public void Mirrors_come_in_the_order_of_the_file_and_then_the_registry()
    {
        Write("docker.io", """
            server = "https://registry-1.docker.io"

            [host."https://zebra.example"]
              capabilities = ["pull"]
              ca = "zebra.crt"
            [host."http://alpha.example:8080/prefix"]
              capabilities = ["pull", "resolve", "push"]
              skip_verify = true
              dial_timeout = "500ms"
              client = [["/etc/c.cert", "c.key"], ["/etc/both.pem"]]
              [host."http://alpha.example:8080/prefix".header]
                x-one = "1"
                x-many = ["2", "3"]
            [host."https://exact.example/custom/path"]
              override_path = true
              ca = ["/a.crt", "b.crt"]
              client = "one.pem"
            """);

        var hosts = Find("docker.io");

        hosts.Select(h => h.Base.ToString()).Should().Equal(
            "https://zebra.example/v2", "http://alpha.example:8080/prefix/v2", "https://exact.example/custom/path", "https://registry-1.docker.io/v2");
        hosts.Select(h => h.Namespace).Should().Equal("docker.io", "docker.io", "docker.io", null);
        hosts.Select(h => h.Capabilities).Should().Equal(
            HostCapabilities.Pull, HostCapabilities.Pull | HostCapabilities.Resolve, HostCapabilities.Pull | HostCapabilities.Resolve, HostCapabilities.Pull | HostCapabilities.Resolve);
        string place = Path.Combine(_folder.Path, "docker.io");
        hosts[0].Tls.Authorities.Should().Equal(Path.Combine(place, "zebra.crt"));
        hosts[1].Tls.Should().BeEquivalentTo(new { SkipVerify = true, DialTimeout = TimeSpan.FromMilliseconds(500) });
        hosts[1].Tls.ClientCertificates.Should().Equal(("/etc/c.cert", Path.Combine(place, "c.key")), ("/etc/both.pem", ""));
        hosts[1].Headers.Should().BeEquivalentTo([KeyValuePair.Create("x-one", "1"), KeyValuePair.Create("x-many", "2"), KeyValuePair.Create("x-many", "3")]);
        hosts[2].Tls.Authorities.Should().Equal("/a.crt", Path.Combine(place, "b.crt"));
        hosts[2].Tls.ClientCertificates.Should().Equal((Path.Combine(place, "one.pem"), ""));
    }

    [Fact]
    public void A_default_serves_every_registry_that_has_no_folder_of_its_own()
    {
        Write("_default", "[host.\"https://mirror.example\"]\n");
        Write("own.example", "server = \"http://own.example\"\n");
        Find("other.example").Select(h => (h.Base.Host, h.Namespace)).Should().Equal(("mirror.example", "other.example"), ("other.example", null));
        Find("own.example").Single().Base.Should().Be(new Uri("http://own.example/v2"));
    }

    [Fact]
    public void A_port_may_be_written_as_file_systems_without_colons_want_it()
    {
        Write("localhost_5000_", "server = \"http://localhost:5000\"\n");
        Find("localhost:5000").Single().Base.Scheme.Should().Be("http");
    }

    [Fact]
    public void Certificates_alone_are_read_as_docker_reads_them()
    {
        foreach (string name in (string[])["ca.crt", "client.cert", "client.key"])
            Write("tls.example", "", name);
        var host = Find("tls.example").Single();
        host.Base.Should().Be(new Uri("https://tls.example/v2"));
        host.Tls.Authorities.Should().Equal(_folder["tls.example/ca.crt"]);
        host.Tls.ClientCertificates.Should().Equal((_folder["tls.example/client.cert"], _folder["tls.example/client.key"]));
    }

    [Fact]
    public void The_first_folder_that_knows_a_registry_wins()
    {
        Write("a/x.example", "server = \"http://first\"\n");
        Write("b/x.example", "server = \"http://second\"\n");
        Write("b/y.example", "server = \"http://third\"\n");
        var hosts = new RegistryHosts([_folder["a"], _folder["b"], _folder["missing"]]);
        hosts.Find("x.example").Single().Base.Host.Should().Be("first");
        hosts.Find("y.example").Single().Base.Host.Should().Be("third");
    }

    [Theory]
    [InlineData("server = [", "hosts.toml")]
    [InlineData("server = \"ftp://x\"", "ftp://x")]
    [InlineData("[host.\"https://m\"]\ncapabilities = [\"fly\"]", "\"fly\"")]
    [InlineData("[host.\"https://m\"]\nskip_verify = \"yes\"", "skip_verify")]
    [InlineData("[host.\"https://m\"]\ndial_timeout = \"soon\"", "\"soon\"")]
    [InlineData("[host.\"https://m\"]\nclient = 3", "client")]
    [InlineData("host = 3", "host")]
    public void A_broken_file_is_an_error_that_names_it(string text, string part)
    {
        Write("x.example", text);
        FluentActions.Invoking(() => Find("x.example")).Should().Throw<RuntimeException>().Which.Message
            .Should().StartWith(_folder["x.example/hosts.toml"]).And.Contain(part);
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{a=")]
    [InlineData("a.")]
    public void A_file_of_depth_without_end_is_an_error_and_no_end_of_the_daemon(string opening)
    {
        Write("x.example", $"server = {string.Concat(Enumerable.Repeat(opening, 200_000))}");
        FluentActions.Invoking(() => Find("x.example")).Should().Throw<RuntimeException>().Which.Message.Should().StartWith(_folder["x.example/hosts.toml"]);
    }

    private IReadOnlyList<RegistryHost> Find(string registry) => new RegistryHosts([_folder.Path]).Find(registry);

    private void Write(string place, string text, string name = "hosts.toml")
    {
        Directory.CreateDirectory(_folder[place]);
        File.WriteAllText(Path.Combine(_folder[place], name), text);
    }
}
