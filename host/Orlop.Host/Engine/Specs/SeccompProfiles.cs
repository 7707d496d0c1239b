using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text.Json;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Host.Engine.Model;

namespace Orlop.Host.Engine.Specs;

/// <summary>Resolves the seccomp profile of a container: none, our default, or a file of the node.</summary>
internal sealed class SeccompProfiles
{
    private const int LargestFile = 4 << 20;

    private readonly Lazy<SeccompProfileFile> _default = new(ReadDefault);
    private readonly ConcurrentDictionary<string, LinuxSeccomp> _resolvedDefaults = new(StringComparer.Ordinal); // by capabilities

    /// <exception cref="RuntimeException">The file is missing or is no profile; the message names it.</exception>
    public LinuxSeccomp? Resolve(SecurityProfile profile, IReadOnlyList<string> capabilities, string container) => profile.Kind switch
    {
        SecurityProfileKind.Unconfined => null,
        SecurityProfileKind.RuntimeDefault => _resolvedDefaults.GetOrAdd(string.Join(',', capabilities), _ => Select(_default.Value, capabilities)),
        SecurityProfileKind.Localhost => Select(ReadFile(profile.Localhost, container), capabilities),
        _ => throw RuntimeException.InvalidArgument($"container \"{container}\": seccomp profile type {(int)profile.Kind} is unknown"),
    };

    private static LinuxSeccomp Select(SeccompProfileFile file, IReadOnlyList<string> capabilities) => new()
    {
        DefaultAction = file.DefaultAction,
        DefaultErrnoRet = file.DefaultErrnoRet,
        Architectures = file.Architectures
            ?? [.. (file.ArchitectureFamilies ?? []).Where(f => f.Architecture == Native).SelectMany(f => (IEnumerable<string>)[f.Architecture, .. f.SubArchitectures ?? []])],
        Flags = file.Flags,
        Syscalls =
        [
            .. (file.Syscalls ?? [])
                .Where(r => Applies(r, capabilities))
                .Select(r => new SeccompSyscall
                {
                    Names = r.Names ?? (r.Name is { } n ? [n] : []),
                    Action = r.Action,
                    ErrnoRet = r.ErrnoRet,
                    Args = r.Args is { Count: > 0 } ? r.Args : null,
                }),
        ],
    };

    private static bool Applies(SeccompProfileFile.Rule rule, IReadOnlyList<string> capabilities) =>
        (rule.Includes?.Capabilities is not { Count: > 0 } needed || needed.All(capabilities.Contains))
        && (rule.Includes?.Architectures is not { Count: > 0 } on || on.Contains(NativeGo))
        && (rule.Excludes?.Capabilities is not { Count: > 0 } without || !without.Any(capabilities.Contains))
        && (rule.Excludes?.Architectures is not { Count: > 0 } notOn || !notOn.Contains(NativeGo));

    private static string Native => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "SCMP_ARCH_AARCH64" : "SCMP_ARCH_X86_64";

    private static string NativeGo => RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64";

    private static SeccompProfileFile ReadDefault()
    {
        using var stream = typeof(SeccompProfiles).Assembly.GetManifestResourceStream("seccomp-default.json")
            ?? throw new InvalidOperationException("seccomp-default.json is not embedded in this build.");
        return JsonSerializer.Deserialize(stream, SeccompJson.Default.SeccompProfileFile)!;
    }

    private static SeccompProfileFile ReadFile(string path, string container)
    {
        if (!Path.IsPathRooted(path)) throw RuntimeException.InvalidArgument($"container \"{container}\": seccomp profile \"{path}\" is not an absolute path");
        try
        {
            // Known before it is opened: to open a FIFO would wait for its writer. Like a device, it has no length.
            long length = new FileInfo(path) is { Exists: true } file ? file.Length : throw new FileNotFoundException("there is no such file");
            if (length is 0 or > LargestFile)
                throw RuntimeException.InvalidArgument($"container \"{container}\": seccomp profile \"{path}\" is no file of 1 to {LargestFile} bytes; put the profile on the node");
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), SeccompJson.Default.SeccompProfileFile)
                ?? throw new JsonException("the file holds null");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RuntimeException(
                ErrorKind.InvalidArgument, $"container \"{container}\": seccomp profile \"{path}\" cannot be read: {e.Message}; put the profile on the node", e);
        }
        catch (JsonException e)
        {
            throw new RuntimeException(ErrorKind.InvalidArgument, $"container \"{container}\": seccomp profile \"{path}\" is no profile: {e.Message}", e);
        }
    }
}
