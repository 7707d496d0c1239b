using System.Runtime.Versioning;
using Orlop.Abstractions.Errors;
using Orlop.Host.Hosting;
using Orlop.Host.Tests.Support;

namespace Orlop.Host.Tests.Hosting;

[SupportedOSPlatform("linux")]
public sealed class InstanceLockTests
{
    [Fact]
    public void Two_daemons_never_share_a_root()
    {
        using var folder = new TempFolder();
        using (InstanceLock.Take(folder.Path))
        {
            var second = () => InstanceLock.Take(folder.Path);
            second.Should().Throw<RuntimeException>().WithMessage($"another orlopd (pid {Environment.ProcessId}) uses the root {folder.Path}*");
        }

        using var afterwards = InstanceLock.Take(folder.Path);
        afterwards.Should().NotBeNull();
    }

    [Fact]
    public void A_private_folder_is_closed_to_others_even_if_it_was_open()
    {
        using var folder = new TempFolder();
        string path = folder.File("root");
        Directory.CreateDirectory(path, (UnixFileMode)0b111_111_111);

        HostFolder.EnsurePrivate(path);

        File.GetUnixFileMode(path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
