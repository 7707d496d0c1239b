using System.Net.Sockets;
using Orlop.Cli.Hosting;
using Orlop.Cli.Manifests;
using Orlop.Cli.Pods;
using Orlop.Cri.V1;

namespace Orlop.Cli.Tests.Pods;

public sealed class VolumeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("orlop-volumes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_subPath_is_made_within_its_volume_with_the_volumes_permissions()
    {
        var (mount, volume) = MountOf("subPath: a/./b");

        mount.HostPath.Should().Be(Path.Combine(volume, "a/b"));
        new DirectoryInfo(mount.HostPath).UnixFileMode.Should().Be((UnixFileMode)0b111_111_111);
    }

    [Theory]
    [InlineData("link")]
    [InlineData("link/deeper")]
    public void A_subPath_does_not_follow_a_link_that_a_container_has_put_there(string subPath)
    {
        var mount = () => MountOf($"subPath: {subPath}", volume => File.CreateSymbolicLink(Path.Combine(volume, "link"), "/etc"));

        mount.Should().Throw<CliException>().WithMessage("*passes the symbolic link*name what it points to: /etc");
    }

    [Fact]
    public void A_subPath_may_name_a_file()
    {
        var (mount, volume) = MountOf("subPath: file", volume => File.WriteAllText(Path.Combine(volume, "file"), "x"));

        mount.HostPath.Should().Be(Path.Combine(volume, "file"));
    }

    [Fact]
    public void A_host_path_is_of_the_type_that_it_states()
    {
        File.WriteAllText(In("file"), "");
        File.CreateSymbolicLink(In("link"), In("file"));
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(In("socket")));

        foreach (var (path, type) in new[]
        {
            (_folder, "Directory"), (_folder, "DirectoryOrCreate"), (In("file"), "File"), (In("link"), "File"), (In("socket"), "Socket"), ("/dev/null", "CharDevice"),
            ("/nowhere", ""),
        })
        {
            HostPath.Prepare("v", path, type).Should().Be(path);
        }

        Refusal("/dev/null", "File").Should().Be("volume v: hostPath /dev/null: it is of the type CharDevice, not File; name another path, or its type");
        Refusal(In("file"), "BlockDevice").Should().Contain("of the type File, not BlockDevice");
        Refusal(In("none"), "Socket").Should().Contain("it does not exist");
        Refusal(In("no/file"), "FileOrCreate").Should().Contain("its folder does not exist");
    }

    [Fact]
    public void OrCreate_makes_what_is_missing()
    {
        HostPath.Prepare("v", In("new/folder"), "DirectoryOrCreate");
        HostPath.Prepare("v", In("new/file"), "FileOrCreate");

        Directory.Exists(In("new/folder")).Should().BeTrue();
        File.GetUnixFileMode(In("new/file")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    [Fact]
    public void Volumes_in_which_something_is_mounted_are_not_deleted()
    {
        var paths = new CliPaths { Pods = In("pods"), Logs = In("logs"), Proc = In("proc") };
        var folders = new PodFolders(paths, new PodSandboxMetadata { Name = "a", Namespace = "default", Uid = "u" });
        folders.Create();
        string volume = folders.CreateVolume("data");
        Directory.CreateDirectory(In("proc/self"));
        File.WriteAllText(In("proc/self/mountinfo"), $"36 35 98:0 / {volume}/disk rw,noatime - ext3 /dev/root rw\n");

        var remove = folders.Remove;

        remove.Should().Throw<CliException>().WithMessage($"*{volume}/disk is still mounted*");
        Directory.Exists(volume).Should().BeTrue();
    }

    private string In(string name) => Path.Combine(_folder, name);

    private static string Refusal(string path, string type)
    {
        var prepare = () => HostPath.Prepare("v", path, type);
        return prepare.Should().Throw<CliException>().Which.Message;
    }

    private (Mount Mount, string Volume) MountOf(string options, Action<string>? fill = null)
    {
        var pod = ManifestFile.Read("pod.yaml", $$$"""
            apiVersion: v1
            kind: Pod
            metadata: {name: a, uid: u}
            spec:
              containers: [{name: c, image: "i:1", volumeMounts: [{name: data, mountPath: /data, {{{options}}} }] }]
              volumes: [{name: data, emptyDir: {}}]
            """, _ => { });
        var paths = new CliPaths { Pods = In("pods"), Logs = In("logs") };
        var resolver = new VolumeResolver(pod, new PodFolders(paths, new PodSandboxMetadata { Name = "a", Namespace = "default", Uid = "u" }), recursiveReadOnly: false);
        resolver.Prepare();
        string volume = In("pods/u/volumes/data");
        fill?.Invoke(volume);
        return (resolver.Mounts(pod.Containers[0], new Dictionary<string, string>()).Single(), volume);
    }
}
