using CsCheck;
using Orlop.Abstractions.Errors;
using Orlop.Linux.Mounting;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Tests.Mounting;

public sealed class MountOptionsTests
{
    [Fact]
    public void Options_go_to_the_mount_the_tree_and_the_file_system()
    {
        MountOptions options = MountOptions.Parse(["rbind", "rslave", "ro", "nosuid", "rro", "rnoexec", "size=64k", "mode=755", "newinstance", "sync"], "/x");

        options.Bind.Should().BeTrue();
        options.BindRecursive.Should().BeTrue();
        options.Propagation.Should().Be(MountPropagation.Slave);
        options.PropagationRecursive.Should().BeTrue();
        options.Change.Set.Should().Be(MountAttributes.ReadOnly | MountAttributes.NoSuid);
        options.ChangeRecursive.Set.Should().Be(MountAttributes.ReadOnly | MountAttributes.NoExec);
        options.Data.Should().Equal("size=64k", "mode=755", "newinstance", "sync");
    }

    [Fact]
    public void The_last_of_two_contradicting_options_wins()
    {
        AttributeChange change = MountOptions.Parse(["ro", "rw", "noatime", "strictatime", "suid", "nosuid"], "/x").Change;

        change.Set.Should().Be(MountAttributes.StrictAccessTime | MountAttributes.NoSuid);
        change.Clear.Should().Be(MountAttributes.ReadOnly | MountAttributes.AccessTimeMask);
    }

    [Theory]
    [InlineData("idmap")]
    [InlineData("remount")]
    [InlineData("tmpcopyup")]
    public void What_cannot_be_served_is_refused(string option)
    {
        Action parse = () => MountOptions.Parse([option], "/data");

        parse.Should().Throw<RuntimeException>().WithMessage($"mount /data: option '{option}' is not supported*");
    }

    [Fact]
    public void No_attribute_is_set_and_cleared_at_once() =>
        Gen.OneOf("ro", "rw", "nosuid", "suid", "nodev", "dev", "noexec", "exec", "nosymfollow", "symfollow", "nodiratime", "diratime").Array[0, 12].Sample(names =>
        {
            AttributeChange change = MountOptions.Parse(names, "/x").Change;
            return (change.Set & change.Clear) == MountAttributes.None;
        });

    [Theory]
    [InlineData("/", "/")]
    [InlineData("", "/")]
    [InlineData("a/./b//c/", "/a/b/c")]
    [InlineData("/a/../../b", "/b")]
    public void Paths_are_cleaned(string path, string clean) => ContainerPath.Clean(path).Should().Be(clean);

    [Fact]
    public void A_clean_path_stays_clean() => Gen.String[Gen.Char["/.ab"], 0, 30].Sample(path =>
    {
        string clean = ContainerPath.Clean(path);
        return ContainerPath.Clean(clean) == clean && clean[0] == '/' && !clean.Split('/').Contains("..") && ContainerPath.IsWithin(clean, "/");
    });

    [Theory]
    [InlineData("/a/b", "/a", true)]
    [InlineData("/ab", "/a", false)]
    [InlineData("/a", "/a", true)]
    [InlineData("/", "/a", false)]
    public void Being_within_goes_by_whole_names(string path, string folder, bool within) => ContainerPath.IsWithin(path, folder).Should().Be(within);

    [Fact]
    public void Propagation_is_read_from_the_mount_table() => MountTable.Tags(
        "36 35 98:0 /mnt1 /mnt2 rw,noatime shared:1 master:2 - ext3 /dev/root rw\n37 35 98:0 / /x rw - tmpfs tmpfs rw", 36).Should().Equal("shared:1", "master:2");
}
