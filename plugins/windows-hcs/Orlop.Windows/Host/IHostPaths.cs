namespace Orlop.Windows.Host;

/// <summary>Paths of the node that containers get.</summary>
internal interface IHostPaths
{
    /// <summary>Where a path really leads, below its volume's GUID. A folder that is missing is made first, as on Linux.</summary>
    string Resolve(string path);
}
