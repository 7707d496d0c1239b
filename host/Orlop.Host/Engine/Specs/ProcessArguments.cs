using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Images;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Engine.Specs;

/// <summary>What a container's process is started with: the image's configuration under the request, by the rules of the CRI.</summary>
internal static class ProcessArguments
{
    private const string DefaultPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>
    /// The command replaces the image's entrypoint, and its default arguments with it; arguments alone replace the image's.
    /// </summary>
    public static IReadOnlyList<string> Command(ContainerRequest request, ImageProcess? image)
    {
        var entrypoint = image?.Entrypoint ?? [];
        var arguments = image?.Cmd ?? [];
        IReadOnlyList<string> command = request switch
        {
            { Command.Count: > 0 } => [.. request.Command, .. request.Args],
            { Args.Count: > 0 } => [.. entrypoint, .. request.Args],
            _ => [.. entrypoint, .. arguments],
        };

        return command.Count > 0 && command[0].Length > 0
            ? command
            : throw RuntimeException.InvalidArgument(
                $"container \"{request.Name}\": no command: image {request.Image} has neither Entrypoint nor Cmd; set the container's command");
    }

    /// <summary>The image's variables, then the host name, then the request's; a later one of the same name wins.</summary>
    public static IReadOnlyList<string> Environment(ContainerRequest request, ImageProcess? image, string hostname)
    {
        var order = new List<string>();
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (image?.Env is not { Count: > 0 } imageEnv || !imageEnv.Any(e => e.StartsWith("PATH=", StringComparison.Ordinal))) Set(DefaultPath);
        foreach (string variable in image?.Env ?? []) Set(variable);
        if (hostname.Length > 0) Set($"HOSTNAME={hostname}");
        if (request.Terminal) Set("TERM=xterm");
        foreach (string variable in request.Environment) Set(variable);
        return [.. order.Select(name => values[name])];

        void Set(string variable)
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? variable : variable[..equals];
            if (name.Length == 0) throw RuntimeException.InvalidArgument($"container \"{request.Name}\": environment variable \"{variable}\" has no name");
            if (!values.ContainsKey(name)) order.Add(name);
            values[name] = equals < 0 ? $"{variable}=" : variable;
        }
    }

    public static string WorkingDirectory(ContainerRequest request, ImageProcess? image)
    {
        string folder = request.WorkingDirectory.Length > 0 ? request.WorkingDirectory : image?.WorkingDir is { Length: > 0 } w ? w : "/";
        return folder[0] == '/'
            ? folder
            : throw RuntimeException.InvalidArgument($"container \"{request.Name}\": working directory \"{folder}\" is not absolute");
    }

    /// <summary>The signal that asks it to end: of the request, then of the image, then SIGTERM.</summary>
    public static string StopSignal(ContainerRequest request, ImageProcess? image) =>
        request.StopSignal is { } asked ? asked
        : image?.StopSignal is { Length: > 0 } signal ? Signals.Normalise(signal, $"image {request.Image}")
        : "SIGTERM";
}
