using System.IO.Pipes;
using System.Net.Sockets;
using Orlop.Cli.Hosting;

namespace Orlop.Cli.Client;

/// <summary>Where the daemon listens: <c>unix:///path</c>, a bare absolute path, or <c>npipe:////./pipe/name</c> on Windows.</summary>
internal sealed record CriAddress
{
    public const string Variable = "ORLOP_ADDRESS";

    private const string UnixScheme = "unix://";
    private const string PipeScheme = "npipe:////./pipe/";

    private CriAddress(string text, string? socketPath, string? pipeName) => (Text, SocketPath, PipeName) = (text, socketPath, pipeName);

    /// <summary>The address in its long form, as errors show it.</summary>
    public string Text { get; }

    public string? SocketPath { get; }

    public string? PipeName { get; }

    public static string Default => OperatingSystem.IsWindows() ? PipeScheme + "orlop" : "unix:///run/orlop/orlop.sock";

    public static CriAddress Parse(string text)
    {
        if (text.StartsWith(PipeScheme, StringComparison.Ordinal) && text.Length > PipeScheme.Length)
            return new CriAddress(text, null, text[PipeScheme.Length..]);

        string path = text.StartsWith(UnixScheme, StringComparison.Ordinal) ? text[UnixScheme.Length..] : text;
        if (!Path.IsPathRooted(path))
        {
            throw CliException.Usage($"address {Quote(text)}", "it is not an absolute path",
                $"write it like {Default}, with --address or {Variable}");
        }

        return new CriAddress(UnixScheme + path, path, null);
    }

    public async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        if (PipeName is not null)
        {
            var pipe = new NamedPipeClientStream(".", PipeName, PipeDirection.InOut, PipeOptions.Asynchronous);
            try
            {
                await pipe.ConnectAsync(cancellationToken);
                return pipe;
            }
            catch
            {
                await pipe.DisposeAsync();
                throw;
            }
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath!), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override string ToString() => Text;

    private static string Quote(string text) => $"\"{text}\"";
}
