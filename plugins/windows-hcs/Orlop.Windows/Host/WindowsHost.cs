using System.Runtime.Versioning;
using Orlop.Windows.Interop.Files;

namespace Orlop.Windows.Host;

/// <summary>The node that we run on.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsHost : IHostInfo, IHostPaths
{
    /// <inheritdoc/>
    public int Build => Environment.OSVersion.Version.Build;

    /// <inheritdoc/>
    public int Processors => Environment.ProcessorCount;

    /// <inheritdoc/>
    public string Resolve(string path)
    {
        if (!File.Exists(path)) Directory.CreateDirectory(path);
        return FinalPath.Of(path);
    }
}
