using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Windows.Documents;

namespace Orlop.Windows.Planning;

/// <summary>Limits of a container.</summary>
internal static class ResourcePlanner
{
    private const ulong Mebibyte = 1024 * 1024;
    private const int Full = 10000; // the most of Maximum and Weight

    /// <summary>Processor limits; count, maximum and weight exclude each other, 0 is none.</summary>
    /// <param name="cpu">As asked for.</param>
    /// <param name="processors">Logical processors of the node: a count never exceeds them.</param>
    public static ProcessorDocument Processor(WindowsCpu? cpu, int processors)
    {
        if (cpu is null) return new ProcessorDocument();
        if (cpu.Affinity is { Count: > 0 }) throw new RuntimeException(ErrorKind.Unimplemented, "cpu.affinity is not supported by windows-hcs; leave it out");
        ulong count = cpu.Count ?? 0;
        int maximum = cpu.Maximum ?? 0;
        int weight = cpu.Shares ?? 0;
        if ((count > 0 ? 1 : 0) + (maximum > 0 ? 1 : 0) + (weight > 0 ? 1 : 0) > 1)
        {
            throw RuntimeException.InvalidArgument($"cpu: count {count}, maximum {maximum} and shares {weight} exclude each other; set one of them");
        }

        if (maximum > Full) throw RuntimeException.InvalidArgument($"cpu.maximum {maximum} is not within 1 to {Full} (1/100 % of the node)");
        if (weight > Full) throw RuntimeException.InvalidArgument($"cpu.shares {weight} is not within 1 to {Full}");
        return new ProcessorDocument { Count = (int)Math.Min(count, (ulong)processors), Maximum = maximum, Weight = weight };
    }

    /// <summary>The memory limit in whole MiB, rounded up. Less than one is refused: rounded down it would be no limit at all.</summary>
    public static MemoryDocument? Memory(WindowsMemory? memory) => memory?.Limit switch
    {
        null or 0 => null,
        < Mebibyte => throw RuntimeException.InvalidArgument($"memory.limit {memory.Limit} is below 1 MiB ({Mebibyte}), the least that Windows can limit to"),
        { } limit when (limit - 1) / Mebibyte >= int.MaxValue => throw RuntimeException.InvalidArgument($"memory.limit {limit} is more than Windows can limit to"),
        { } limit => new MemoryDocument((long)((limit - 1) / Mebibyte) + 1),
    };

    /// <summary>Limits of the scratch's disk.</summary>
    public static StorageQoS? Storage(WindowsStorage? storage)
    {
        if (storage?.SandboxSize is > 0) throw new RuntimeException(ErrorKind.Unimplemented, "storage.sandboxSize is the snapshotter's to apply, when it makes the scratch");
        ulong operations = storage?.Iops ?? 0;
        ulong bytes = storage?.Bps ?? 0;
        if (operations > int.MaxValue) throw RuntimeException.InvalidArgument($"storage.iops {operations} is more than {int.MaxValue}");
        if (bytes > int.MaxValue) throw RuntimeException.InvalidArgument($"storage.bps {bytes} is more than {int.MaxValue}");
        return operations == 0 && bytes == 0 ? null : new StorageQoS((long)operations, (long)bytes);
    }
}
