using System.Net.Sockets;
using System.Runtime.Versioning;
using Orlop.Abstractions.Errors;
using Orlop.Host.Hosting;
using Orlop.Host.Tests.Support;

namespace Orlop.Host.Tests.Hosting;

[SupportedOSPlatform("linux")]
public sealed class CriSocketTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Path => _folder.File("run/orlop.sock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_folder_of_the_socket_can_be_passed_but_not_listed()
    {
        CriSocket.Prepare(Path);

        File.GetUnixFileMode(_folder.File("run")).Should().Be(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
    }

    [Fact]
    public void A_socket_on_which_nobody_answers_is_removed()
    {
        CriSocket.Prepare(Path);
        LeaveStaleSocket();

        CriSocket.Prepare(Path);

        File.Exists(Path).Should().BeFalse();
    }

    [Fact]
    public void A_socket_on_which_somebody_answers_is_left_alone()
    {
        CriSocket.Prepare(Path);
        using var listener = Listen();

        var prepare = () => CriSocket.Prepare(Path);

        prepare.Should().Throw<RuntimeException>().WithMessage($"another orlopd answers on {Path}*");
        File.Exists(Path).Should().BeTrue();
    }

    [Fact]
    public void A_file_that_is_no_socket_is_left_alone()
    {
        _folder.Write("run/orlop.sock", "precious");

        var prepare = () => CriSocket.Prepare(Path);

        prepare.Should().Throw<RuntimeException>().WithMessage($"{Path} is in the way*");
        File.ReadAllText(Path).Should().Be("precious");
    }

    [Fact]
    public void The_open_socket_is_for_its_owner_and_group()
    {
        CriSocket.Prepare(Path);
        using var listener = Listen();

        CriSocket.Open(Path, gid: CurrentGroup());

        File.GetUnixFileMode(Path).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
    }

    private Socket Listen()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Path));
        socket.Listen();
        return socket;
    }

    private void LeaveStaleSocket()
    {
        // .NET removes the file of the name that it bound; under another name it stays, as after kill -9.
        string bound = _folder.File("run/bound.sock");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(bound));
        File.Move(bound, Path);
    }

    private static uint CurrentGroup() =>
        uint.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("Gid:", StringComparison.Ordinal)).Split('\t')[1]);
}
