using System.Reflection;
using Orlop.Cri.V1;

namespace Orlop.Cli.Commands.Inspection;

/// <summary>The answer of <c>version --output json</c>; the runtime's fields are null when it does not answer.</summary>
internal sealed record VersionView(string Client, string? RuntimeName, string? RuntimeVersion, string? RuntimeApiVersion)
{
    public static VersionView Of(VersionResponse? runtime) =>
        new(OwnVersion, runtime?.RuntimeName, runtime?.RuntimeVersion, runtime?.RuntimeApiVersion);

    private static string OwnVersion =>
        typeof(VersionView).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
