using Orlop.Testing;

namespace Orlop.Linux.Tests.Supervisor;

/// <summary>A test against the published supervisor: needs root and the binary.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SupervisorFactAttribute : FactAttribute
{
    public SupervisorFactAttribute() => Skip = new RootFactAttribute().Skip ?? (File.Exists(Binary) ? null : $"{Binary} is not built: build/publish.sh");

    /// <summary>The supervisor: <c>ORLOP_SUPERVISOR</c>, or that of the built tree.</summary>
    public static string Binary { get; } = Environment.GetEnvironmentVariable("ORLOP_SUPERVISOR") is { Length: > 0 } path
        ? path
        : Path.Combine(Repository.Dist, "plugins", "linux-native", "orlop-supervisor");
}
