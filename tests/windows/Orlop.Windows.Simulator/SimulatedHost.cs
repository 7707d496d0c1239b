using Orlop.Windows.Host;

namespace Orlop.Windows.Simulator;

/// <summary>Facts and paths of a simulated node: drive C: is one volume.</summary>
internal sealed class SimulatedHost : IHostInfo, IHostPaths
{
    private const string DriveC = @"\\?\Volume{00000000-0000-0000-0000-000000000043}\";

    /// <inheritdoc/>
    public int Build => 20348;

    /// <inheritdoc/>
    public int Processors => 4;

    /// <inheritdoc/>
    public string Resolve(string path) => path.StartsWith(@"C:\", StringComparison.OrdinalIgnoreCase) ? DriveC + path[3..] : path;
}
