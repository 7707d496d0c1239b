using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Images;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.Specs;

namespace Orlop.Host.Tests.Engine;

public sealed class SpecTests
{
    [Theory]
    [InlineData(null, null, "e1 c1")]
    [InlineData(null, "a", "e1 a")]
    [InlineData("x", null, "x")]
    [InlineData("x", "a b", "x a b")]
    public void The_command_replaces_entrypoint_and_cmd_and_arguments_replace_cmd(string? command, string? args, string expected)
    {
        var request = new ContainerRequest { Name = "c", Image = "i", Command = command?.Split(' ') ?? [], Args = args?.Split(' ') ?? [] };

        ProcessArguments.Command(request, new ImageProcess { Entrypoint = ["e1"], Cmd = ["c1"] }).Should().Equal(expected.Split(' '));
    }

    [Fact]
    public void A_container_without_any_command_is_refused()
    {
        var request = new ContainerRequest { Name = "c", Image = "i" };

        FluentActions.Invoking(() => ProcessArguments.Command(request, new ImageProcess())).Should().Throw<RuntimeException>().WithMessage("*neither Entrypoint nor Cmd*");
    }

    [Fact]
    public void The_requests_variables_win_over_the_images()
    {
        var request = new ContainerRequest { Name = "c", Image = "i", Environment = ["A=2", "B=3"] };

        ProcessArguments.Environment(request, new ImageProcess { Env = ["PATH=/bin", "A=1"] }, "pod").Should().Equal("PATH=/bin", "A=2", "HOSTNAME=pod", "B=3");
    }

    [Theory]
    [InlineData("", "", 14)]
    [InlineData("ALL", "", 41)]
    [InlineData("", "ALL", 0)]
    [InlineData("NET_ADMIN", "ALL", 1)]
    [InlineData("ALL", "NET_RAW", 40)]
    [InlineData("cap_sys_time", "CHOWN", 14)]
    public void Capabilities_are_added_and_dropped(string add, string drop, int count)
    {
        Capabilities.Resolve(Split(add), Split(drop)).Should().HaveCount(count);

        static string[] Split(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    [Fact]
    public void An_unknown_capability_is_named()
    {
        FluentActions.Invoking(() => Capabilities.Resolve(["NET_ADMN"], [])).Should().Throw<RuntimeException>().WithMessage("*NET_ADMN*");
    }

    [Theory]
    [InlineData("15", "SIGTERM")]
    [InlineData("term", "SIGTERM")]
    [InlineData("SIGWINCH", "SIGWINCH")]
    [InlineData("SIGRTMIN+3", "SIGRTMIN+3")]
    [InlineData("37", "SIGRTMIN+3")]
    [InlineData("SIGRTMAX", "SIGRTMIN+30")]
    [InlineData("SIGCLD", "SIGCHLD")]
    public void Signals_have_one_name(string written, string name) => Signals.Normalise(written, "image").Should().Be(name);

    [Theory]
    [InlineData("SIGFOO")]
    [InlineData("0")]
    [InlineData("99")]
    [InlineData("RTMIN+40")]
    public void An_unknown_signal_is_named(string written) =>
        FluentActions.Invoking(() => Signals.Normalise(written, "image")).Should().Throw<RuntimeException>().WithMessage($"*\"{written}\"*");

    [Fact]
    public void Mounts_come_in_the_order_of_their_depth_and_replace_ours()
    {
        var request = new ContainerRequest
        {
            Name = "c",
            Image = "i",
            Mounts =
            [
                new MountRequest { ContainerPath = "/data/inner", HostPath = "/b", ReadOnly = true },
                new MountRequest { ContainerPath = "/data", HostPath = "/a", Propagation = MountPropagation.HostToContainer },
                new MountRequest { ContainerPath = "/dev/mqueue/", HostPath = "/c" },
            ],
        };

        var mounts = LinuxMounts.Build(request, []);

        mounts.Select(m => m.Destination).Should().Equal("/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup", "/data", "/data/inner", "/dev/mqueue/");
        mounts.Single(m => m.Destination == "/data").Options.Should().Equal("rbind", "rslave", "rw");
        mounts.Single(m => m.Destination == "/data/inner").Options.Should().Equal("rbind", "rprivate", "ro");
    }

    [Fact]
    public void Recursive_read_only_needs_read_only()
    {
        var request = new ContainerRequest { Name = "c", Image = "i", Mounts = [new MountRequest { ContainerPath = "/x", HostPath = "/y", RecursiveReadOnly = true }] };

        FluentActions.Invoking(() => LinuxMounts.Build(request, [])).Should().Throw<RuntimeException>().Which.Kind.Should().Be(ErrorKind.InvalidArgument);
    }

    [Fact]
    public void The_default_seccomp_profile_follows_the_capabilities()
    {
        var profiles = new SeccompProfiles();
        var profile = new SecurityProfile(SecurityProfileKind.RuntimeDefault);

        Allows(profiles, profile, Capabilities.Default, "mount").Should().BeFalse();
        Allows(profiles, profile, Capabilities.All, "mount").Should().BeTrue();
        Allows(profiles, profile, Capabilities.Default, "execve").Should().BeTrue();
        Allows(profiles, profile, Capabilities.Default, "keyctl").Should().BeFalse();
        profiles.Resolve(SecurityProfile.Unconfined, [], "c").Should().BeNull();
    }

    [Fact]
    public void A_missing_seccomp_file_is_named()
    {
        FluentActions.Invoking(() => new SeccompProfiles().Resolve(new SecurityProfile(SecurityProfileKind.Localhost, "/no/such.json"), [], "web"))
            .Should().Throw<RuntimeException>().WithMessage("*web*/no/such.json*");
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/etc")]
    public void A_seccomp_profile_that_is_no_file_is_refused_unread(string path)
    {
        FluentActions.Invoking(() => new SeccompProfiles().Resolve(new SecurityProfile(SecurityProfileKind.Localhost, path), [], "web"))
            .Should().Throw<RuntimeException>().WithMessage($"*web*{path}*");
    }

    [Fact]
    public void A_seccomp_profile_of_hostile_size_or_depth_is_refused()
    {
        string path = Path.GetTempFileName();
        try
        {
            foreach (string content in (string[])[new string(' ', 5 << 20), new string('[', 1 << 20)])
            {
                File.WriteAllText(path, content);
                FluentActions.Invoking(() => new SeccompProfiles().Resolve(new SecurityProfile(SecurityProfileKind.Localhost, path), [], "web"))
                    .Should().Throw<RuntimeException>().WithMessage($"*web*{path}*");
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static bool Allows(SeccompProfiles profiles, SecurityProfile profile, IReadOnlyList<string> capabilities, string call) =>
        profiles.Resolve(profile, capabilities, "c")!.Syscalls!.Any(s => s.Action == "SCMP_ACT_ALLOW" && s.Names.Contains(call));
}
