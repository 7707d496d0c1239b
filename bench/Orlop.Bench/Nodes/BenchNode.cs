using Orlop.Bench.Measuring;

namespace Orlop.Bench.Nodes;

/// <summary>A runtime that is measured: its CRI, what it uses, and where we start it ourselves its daemon.</summary>
/// <param name="Name">How tables call it.</param>
/// <param name="Client">Its CRI.</param>
/// <param name="Cpu">CPU time of the runtime and its pods.</param>
/// <param name="Memory">Memory of the runtime.</param>
/// <param name="Daemon">Null when somebody else starts and stops it.</param>
internal sealed record BenchNode(string Name, BenchClient Client, CpuMeter Cpu, MemoryMeter Memory, Daemon? Daemon);
