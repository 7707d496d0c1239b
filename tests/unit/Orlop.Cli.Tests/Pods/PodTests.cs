using Microsoft.Extensions.Time.Testing;
using Orlop.Cli.Hosting;
using Orlop.Cli.Manifests;
using Orlop.Cli.Output;
using Orlop.Cli.Pods;
using Orlop.Cri.V1;

namespace Orlop.Cli.Tests.Pods;

public sealed class PodTests
{
    [Fact]
    public void Restarts_wait_longer_each_time_and_start_anew_after_ten_good_minutes()
    {
        var time = new FakeTimeProvider();
        var backoff = new RestartBackoff(time);
        backoff.Started();

        var pauses = Enumerable.Range(0, 7).Select(_ => backoff.Next().TotalSeconds).ToList();
        backoff.Started();
        time.Advance(TimeSpan.FromMinutes(10));

        pauses.Should().Equal(10, 20, 40, 80, 160, 300, 300);
        backoff.Next().TotalSeconds.Should().Be(10);
    }

    [Theory]
    [InlineData("ClusterFirst", "{}", "192.0.2.1", "example.org", "ndots:1 edns0")]
    [InlineData("Default", "{nameservers: [192.0.2.2], searches: [a, example.org], options: [{name: ndots, value: \"5\"}, {name: rotate}]}",
        "192.0.2.2 192.0.2.1", "example.org a", "edns0 ndots:5 rotate")]
    [InlineData("None", "{nameservers: [192.0.2.2]}", "192.0.2.2", "", "")]
    public void A_pods_resolver_is_the_hosts_with_the_pods_own_settings(string policy, string config, string servers, string searches, string options)
    {
        var pod = Pod($"dnsPolicy: {policy}", $"dnsConfig: {config}");

        var dns = PodDns.Build(pod, "# the host's\nnameserver 192.0.2.1\ndomain old\nsearch example.org\noptions ndots:1 edns0\n");

        (string.Join(' ', dns.Servers), string.Join(' ', dns.Searches), string.Join(' ', dns.Options)).Should().Be((servers, searches, options));
    }

    [Fact]
    public void A_pod_in_the_hosts_network_has_the_hosts_names()
    {
        var pod = Pod("hostNetwork: true", "hostAliases: [{ip: 192.0.2.9, hostnames: [db]}]");

        HostsFile.Build(pod, "a", [], "127.0.0.1 localhost").Should().Be("127.0.0.1 localhost\n192.0.2.9\tdb\n");
        SandboxConfigBuilder.Build(pod, new NodeFacts
        {
            HostName = "node", MemoryBytes = 1 << 30, HugepageSizes = [], HasSwapController = false, IsCgroup2 = true, ResolvConf = "", Hosts = "",
        }, new CliPaths()).Hostname.Should().BeEmpty();
    }

    [Theory]
    [InlineData("", null, "", 0L, null)]
    [InlineData("runAsUser: 5", 5L, "", 0L, null)]
    [InlineData("", 7L, "", 7L, null)]
    [InlineData("", null, "app", null, "app")]
    [InlineData("runAsNonRoot: true", null, "app", null, "its image's user \"app\" has no number")]
    [InlineData("runAsNonRoot: true", null, "", 0L, "its image runs as root")]
    [InlineData("runAsNonRoot: true", 7L, "", 7L, null)]
    public void The_user_is_the_manifests_or_the_images(string security, long? user, string username, long? imageUser, string? nameOrError)
    {
        var pod = Pod($"securityContext: {{{security}}}");
        var image = new Image { Id = "i", Username = username, Uid = imageUser is { } id ? new Int64Value { Value = id } : null };
        var builder = new SecurityContextBuilder(pod, new CliPaths());

        if (security.Contains("NonRoot", StringComparison.Ordinal) && nameOrError is not null)
        {
            var build = () => builder.BuildContainer(pod.Containers[0], image);
            build.Should().Throw<CliException>().WithMessage($"*{nameOrError}*");
            return;
        }

        var context = builder.BuildContainer(pod.Containers[0], image);
        context.RunAsUser?.Value.Should().Be(user ?? imageUser);
        context.RunAsUsername.Should().Be(nameOrError ?? "");
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("0.5", 0.5)]
    [InlineData("250ms", 0.25)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172_800)]
    public void Durations_are_seconds_or_have_units(string text, double seconds)
    {
        Durations.TryParse(text, out var duration).Should().BeTrue();
        duration.TotalSeconds.Should().Be(seconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("5 m")]
    [InlineData("m")]
    [InlineData("5x")]
    [InlineData("99999999999999d")]
    public void Other_text_is_no_duration(string text) => Durations.TryParse(text, out _).Should().BeFalse();

    [Theory]
    [InlineData(0UL, "0 B")]
    [InlineData(812UL, "812 B")]
    [InlineData(1_523_000UL, "1.45 MiB")]
    [InlineData(1_048_575UL, "1.00 MiB")]
    [InlineData(28_991_029_248UL, "27.0 GiB")]
    [InlineData(ulong.MaxValue, "16.0 EiB")]
    public void Sizes_have_three_digits(ulong bytes, string text) => Human.Size(bytes).Should().Be(text);

    private static PodManifest Pod(params string[] fields) => ManifestFile.Read("pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers: [{name: c, image: \"i:1\"}]\n" + string.Concat(fields.Select(field => $"  {field}\n")), _ => { });
}
