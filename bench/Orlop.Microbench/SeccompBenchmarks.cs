using BenchmarkDotNet.Attributes;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.Specs;
using Orlop.Linux.Seccomp;

namespace Orlop.Microbench;

/// <summary>The default profile: from JSON to rules, and from rules to BPF.</summary>
[MemoryDiagnoser]
public class SeccompBenchmarks
{
    private static readonly SecurityProfile Default = new(SecurityProfileKind.RuntimeDefault);
    private static readonly string[] Capabilities = ["CAP_CHOWN", "CAP_NET_BIND_SERVICE"];

    private readonly LinuxSeccomp _profile = new SeccompProfiles().Resolve(Default, Capabilities, "c")!;

    [Benchmark(Description = "read the profile")]
    public LinuxSeccomp? Read() => new SeccompProfiles().Resolve(Default, Capabilities, "c");

    [Benchmark(Description = "compile")]
    public byte[] Compile() => SeccompCompiler.Compile(_profile);
}
