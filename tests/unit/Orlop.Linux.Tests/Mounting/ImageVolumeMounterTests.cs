using Orlop.Linux.Mounting;
using Orlop.Linux.Syscalls;
using Orlop.Testing;

namespace Orlop.Linux.Tests.Mounting;

public sealed class ImageVolumeMounterTests
{
    /// <summary>The way of kernels before 6.15, which every kernel can go.</summary>
    [RootFact]
    public void A_part_of_an_image_is_cloned_in_a_mount_namespace_that_nobody_sees()
    {
        using FileSystemContext context = Mounts.OpenFileSystem("tmpfs");
        using SafeFileDescriptor image = context.Mount(MountAttributes.None);
        FileSystem.MakeDirectory(image, "part", 0x1ed);
        FileSystem.MakeDirectory(image, "part/inside", 0x1ed);
        using SafeFileDescriptor part = FileSystem.Open(image, "part", OpenFlags.Path | OpenFlags.Directory, ResolveFlags.InRoot);
        string before = File.ReadAllText("/proc/self/mountinfo");

        using SafeFileDescriptor clone = ImageVolumeMounter.CloneAttached(image, part);

        FileSystem.Status(clone, "inside").IsDirectory.Should().BeTrue();
        File.ReadAllText("/proc/self/mountinfo").Should().Be(before);
    }
}
