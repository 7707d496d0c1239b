using System.Text;
using Orlop.Linux.Syscalls;
using Orlop.Testing;
using FileMode = Orlop.Linux.Syscalls.FileMode;

namespace Orlop.Linux.Tests.Syscalls;

public sealed class FileSystemTests : IDisposable
{
    private readonly string path = Directory.CreateTempSubdirectory("orlop-fs-").FullName;
    private readonly SafeFileDescriptor folder;

    public FileSystemTests() => folder = FileSystem.Open(path, OpenFlags.Directory);

    public void Dispose()
    {
        folder.Dispose();
        Directory.Delete(path, recursive: true);
    }

    [Fact]
    public void Names_are_bytes_of_any_encoding()
    {
        byte[] name = [(byte)'a', 0xFF, 0xFE, (byte)'\n'];
        FileSystem.Open(folder, name, OpenFlags.Create | OpenFlags.WriteOnly, 0x1A4).Dispose();
        FileSystem.MakeSymlink(name, folder, "link");

        Names().Should().ContainEquivalentOf(name);
        FileSystem.ReadLink(folder, "link").Should().Equal(name);
        FileSystem.Status(folder, "link").IsSymlink.Should().BeTrue();
        FileSystem.Status(folder, "link", AtFlags.None).IsRegular.Should().BeTrue();
        FileSystem.Remove(folder, name);
        FileSystem.Remove(folder, "link");
        Names().Should().BeEmpty();
    }

    [Fact]
    public void A_path_with_a_NUL_is_refused_instead_of_cut()
    {
        FluentActions.Invoking(() => FileSystem.Open(folder, "a\0b", OpenFlags.ReadOnly)).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => PathBytes.Terminated("a\0b\0"u8).ToString()).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => PathBytes.Terminated("a"u8).ToString()).Should().Throw<ArgumentException>();
        PathBytes.Terminated("a\0"u8).ToString().Should().Be("a");
    }

    [Fact]
    public void A_failure_names_the_call_the_path_and_the_errno()
    {
        SyscallException error = FluentActions.Invoking(() => FileSystem.Open(folder, "missing", OpenFlags.ReadOnly)).Should().Throw<SyscallException>().Which;

        error.Message.Should().Be("openat \"missing\": ENOENT");
        (error.Call, error.Errno).Should().Be(("openat", Errno.ENOENT));
        FileSystem.TryOpen(folder, "missing", OpenFlags.ReadOnly).Should().BeNull();
    }

    [Fact]
    public void Openat2_holds_a_path_inside_its_root()
    {
        FileSystem.MakeDirectory(folder, "inside", 0x1ED);
        FileSystem.MakeSymlink("/etc/passwd", folder, "absolute");
        FileSystem.MakeSymlink("../../../etc/passwd", folder, "inside/up");

        int Errno(string name, ResolveFlags resolve) => FluentActions.Invoking(() => FileSystem.Open(folder, name, OpenFlags.ReadOnly, resolve)).Should().Throw<SyscallException>().Which.Errno;
        Errno("absolute", ResolveFlags.InRoot).Should().Be(Orlop.Linux.Syscalls.Errno.ENOENT);
        Errno("inside/up", ResolveFlags.InRoot).Should().Be(Orlop.Linux.Syscalls.Errno.ENOENT);
        Errno("absolute", ResolveFlags.NoSymlinks).Should().Be(Orlop.Linux.Syscalls.Errno.ELOOP);
        Errno("../x", ResolveFlags.Beneath).Should().Be(Orlop.Linux.Syscalls.Errno.EXDEV);
        using SafeFileDescriptor root = FileSystem.Open(folder, "../../..", OpenFlags.Path, ResolveFlags.InRoot);
        FileSystem.Status(root).Inode.Should().Be(FileSystem.Status(folder).Inode);
    }

    [Fact]
    public void Content_modes_times_and_sizes_are_set_and_read_back()
    {
        using SafeFileDescriptor file = FileSystem.Open(folder, "f", OpenFlags.Create | OpenFlags.ReadWrite, 0x180);
        var content = new byte[10_000];
        new Random(1).NextBytes(content);
        FileSystem.Write(file, content);
        FileSystem.ChangeMode(file, 0x9ED); // 4755
        FileSystem.SetTimes(file, TimeSpec.Omit, new TimeSpec(1000, 5));
        FileSystem.Sync(file);

        using SafeFileDescriptor again = FileSystem.Open(folder, "f", OpenFlags.ReadOnly);
        FileSystem.ReadAll(again).Should().Equal(content);
        FileStatus status = FileSystem.Status(again);
        (status.Mode & FileMode.PermissionMask, status.Size, status.Links, status.ModifyTime.Seconds, status.ModifyTime.Nanoseconds).Should().Be((0x9ED, 10_000UL, 1U, 1000L, 5U));
        FluentActions.Invoking(() => FileSystem.ReadAll(FileSystem.Open(folder, "f", OpenFlags.ReadOnly), limit: 100)).Should().Throw<SyscallException>().Which.Errno.Should().Be(Errno.EFBIG);
        FileSystem.SetLength(file, 3);
        FileSystem.Read(again, new byte[10], 0).Should().Be(3);
        FileSystem.SetTimes(folder, "f", new TimeSpec(7, 0), TimeSpec.Now);
        FileSystem.Status(folder, "f").AccessTime.Seconds.Should().Be(7);
    }

    [Fact]
    public void Links_and_renames_follow_their_flags()
    {
        FileSystem.Open(folder, "a", OpenFlags.Create | OpenFlags.WriteOnly, 0x180).Dispose();
        FileSystem.MakeLink(folder, "a", folder, "b");
        FileSystem.Status(folder, "a").Links.Should().Be(2);
        FileSystem.Rename(folder, "a", folder, "c", RenameFlags.NoReplace);
        FluentActions.Invoking(() => FileSystem.Rename(folder, "c", folder, "b", RenameFlags.NoReplace)).Should().Throw<SyscallException>().Which.Errno.Should().Be(Errno.EEXIST);
        FileSystem.MakeDirectory(folder, "d", 0x1C0);
        FileSystem.Rename(folder, "c", folder, "d", RenameFlags.Exchange);
        FileSystem.Status(folder, "c").IsDirectory.Should().BeTrue();
        FileSystem.Remove(folder, "c", AtFlags.RemoveDirectory);
        Names().Select(n => Encoding.UTF8.GetString(n)).Should().BeEquivalentTo("b", "d");
    }

    [Fact]
    public void A_folder_of_many_names_is_read_whole_with_the_smallest_buffer()
    {
        for (int i = 0; i < 300; i++) FileSystem.MakeDirectory(folder, $"{i}-{new string('n', 240)}", 0x1C0);

        Names(bufferSize: 280).Should().HaveCount(300).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_lock_is_seen_by_another_open_file()
    {
        using SafeFileDescriptor first = FileSystem.Open(folder, "l", OpenFlags.Create | OpenFlags.WriteOnly, 0x180), second = FileSystem.Open(folder, "l", OpenFlags.WriteOnly);

        FileSystem.Lock(first, wait: false).Should().BeTrue();
        FileSystem.Lock(second, wait: false).Should().BeFalse();
        first.Dispose();
        FileSystem.Lock(second, wait: true).Should().BeTrue();
    }

    [RootFact]
    public void Attributes_owners_and_devices_need_root()
    {
        FileSystem.Open(folder, "f", OpenFlags.Create | OpenFlags.WriteOnly, 0x180).Dispose();
        using SafeFileDescriptor file = FileSystem.Open(folder, "f", OpenFlags.Path | OpenFlags.NoFollow);
        byte[] big = new byte[1000];
        new Random(2).NextBytes(big);

        ExtendedAttributes.Set(file, "trusted.one", [1, 0, 2]);
        ExtendedAttributes.Set(PathBytes.Inside(folder, "f"u8), "trusted.big", big);
        ExtendedAttributes.Get(PathBytes.Inside(folder, "f"u8), "trusted.one").Should().Equal(1, 0, 2);
        ExtendedAttributes.Get(file, "trusted.big").Should().Equal(big);
        ExtendedAttributes.Get(file, "trusted.none").Should().BeNull();
        ExtendedAttributes.List(file).Select(n => Encoding.UTF8.GetString(n)).Should().Contain(["trusted.one", "trusted.big"]);
        ExtendedAttributes.Remove(file, "trusted.one").Should().BeTrue();
        ExtendedAttributes.Remove(PathBytes.Inside(folder, "f"u8), "trusted.one").Should().BeFalse();

        FileSystem.ChangeOwner(file, 1234, FileSystem.KeepId);
        (FileSystem.Status(file).Uid, FileSystem.Status(file).Gid).Should().Be((1234U, 0U));
        FileSystem.MakeNode(folder, "whiteout", FileMode.CharacterDevice, FileMode.Device(0, 0));
        FileSystem.MakeNode(folder, "device", FileMode.CharacterDevice | 0x180, FileMode.Device(259, 70_000));
        FileStatus device = FileSystem.Status(folder, "device");
        (device.FileType, device.RawDeviceMajor, device.RawDeviceMinor).Should().Be((FileMode.CharacterDevice, 259U, 70_000U));
    }

    private List<byte[]> Names(int bufferSize = 4096)
    {
        using SafeFileDescriptor reading = FileSystem.Open(folder, ".", OpenFlags.Directory);
        var names = new List<byte[]>();
        foreach (DirectoryEntry entry in new DirectoryReader(reading, new byte[bufferSize])) names.Add(entry.Name.ToArray());
        return names;
    }
}
