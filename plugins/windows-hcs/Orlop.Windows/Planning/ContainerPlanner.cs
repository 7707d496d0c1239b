using System.Text.RegularExpressions;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Windows.Documents;
using Orlop.Windows.Host;

namespace Orlop.Windows.Planning;

/// <summary>An OCI spec as a document for HcsCreateComputeSystem: a process-isolated container.</summary>
/// <param name="paths">Resolves mounts.</param>
/// <param name="processors">Logical processors of the node.</param>
internal sealed partial class ContainerPlanner(IHostPaths paths, int processors)
{
    private static readonly Dictionary<string, string> NoAnnotations = [];

    /// <summary>Plans a container.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="owner">Whom HCS lists it under.</param>
    /// <param name="spec">The container.</param>
    /// <param name="root">Its mounted root file system.</param>
    /// <param name="networkNamespace">The GUID of the pod's network; null for none.</param>
    /// <exception cref="RuntimeException"><see cref="ErrorKind.InvalidArgument"/>, or <see cref="ErrorKind.Unimplemented"/> for what this plugin does not do yet.</exception>
    public ComputeSystemDocument Plan(string id, string owner, Spec spec, MountedLayers root, Guid? networkNamespace)
    {
        Refuse(spec);
        if (!VolumePath().IsMatch(root.Volume)) throw RuntimeException.InvalidArgument($@"root ""{root.Volume}"" is no volume: it must have the form \\?\Volume{{GUID}}\");
        if (root.Layers.Count == 0) throw RuntimeException.InvalidArgument($"root {root.Volume} has no read-only layer; a Windows container needs the base layer of its image");

        var limits = spec.Windows?.Resources;
        var (directories, pipes) = MountPlanner.Plan(spec.Mounts ?? [], paths);
        return new ComputeSystemDocument
        {
            Owner = owner,
            Container = new ContainerDocument
            {
                GuestOs = string.IsNullOrEmpty(spec.Hostname) ? null : new GuestOsDocument(spec.Hostname),
                Storage = new StorageDocument { Layers = root.Layers, Path = root.Volume, QoS = ResourcePlanner.Storage(limits?.Storage) },
                MappedDirectories = NullWhenEmpty(directories),
                MappedPipes = NullWhenEmpty(pipes),
                Memory = ResourcePlanner.Memory(limits?.Memory),
                Processor = ResourcePlanner.Processor(limits?.Cpu, processors),
                Networking = Networking(spec.Windows?.Network, networkNamespace),
                RegistryChanges = RegistryPlanner.Plan(id, spec.Annotations ?? NoAnnotations),
                AssignedDevices = NullWhenEmpty(DevicePlanner.Plan(spec.Windows?.Devices ?? [])),
            },
        };
    }

    private static void Refuse(Spec spec)
    {
        if (spec.Root is { Readonly: true }) throw RuntimeException.InvalidArgument("root.readonly is not possible: a Windows container needs a root that it can write");
        if (spec.Windows?.HyperV is not null) throw new RuntimeException(ErrorKind.Unimplemented, "windows.hyperv: windows-hcs runs process-isolated containers only");
        if (!string.IsNullOrEmpty(spec.Windows?.CredentialSpec)) throw new RuntimeException(ErrorKind.Unimplemented, "windows.credentialSpec: windows-hcs has no group managed service accounts yet");
    }

    private static NetworkingDocument? Networking(WindowsNetwork? network, Guid? networkNamespace) => network is null && networkNamespace is null ? null : new NetworkingDocument
    {
        Namespace = networkNamespace?.ToString(),
        AllowUnqualifiedDnsQuery = network?.AllowUnqualifiedDnsQuery ?? false,
        DnsSearchList = network?.DnsSearchList is { Count: > 0 } searches ? string.Join(',', searches) : null,
    };

    private static IReadOnlyList<T>? NullWhenEmpty<T>(IReadOnlyList<T> list) => list.Count == 0 ? null : list;

    [GeneratedRegex(@"^\\\\\?\\Volume\{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}\\$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VolumePath();
}
