using Orlop.Testing;

namespace Orlop.Architecture.Tests;

/// <summary>A test against the table of the CRI's wire format, which lies beside the repository on the machines that have it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WireFactAttribute : FactAttribute
{
    public static readonly string Table = Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "wire", "cri-v1.json"));

    public WireFactAttribute() => Skip = File.Exists(Table) ? null : $"needs the wire table {Table}";
}
