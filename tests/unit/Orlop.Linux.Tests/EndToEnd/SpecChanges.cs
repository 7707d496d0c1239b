using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Oci.Runtime;
using OciLinux = Orlop.Abstractions.Oci.Runtime.Linux;

namespace Orlop.Linux.Tests.EndToEnd;

internal static class SpecChanges
{
    public static ContainerSpec With(this ContainerSpec spec, params Mount[] mounts) => spec with { Oci = spec.Oci with { Mounts = [.. spec.Oci.Mounts!, .. mounts] } };

    public static ContainerSpec WithProcess(this ContainerSpec spec, Func<Process, Process> change) => spec with { Oci = spec.Oci with { Process = change(spec.Oci.Process!) } };

    public static ContainerSpec WithLinux(this ContainerSpec spec, Func<OciLinux, OciLinux> change) => spec with { Oci = spec.Oci with { Linux = change(spec.Oci.Linux!) } };

    public static ContainerSpec WithResources(this ContainerSpec spec, Resources resources) => spec.WithLinux(linux => linux with { Resources = resources });

    /// <summary>The same command in a container of its own.</summary>
    public static ContainerSpec AsNew(this ContainerSpec spec, TestNode node, ISandbox pod) => node.Container(pod, [.. spec.Oci.Process!.Args]);
}
