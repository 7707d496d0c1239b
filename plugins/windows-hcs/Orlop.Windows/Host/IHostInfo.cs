namespace Orlop.Windows.Host;

/// <summary>Facts of the node.</summary>
internal interface IHostInfo
{
    /// <summary>The build of Windows: 20348 for Windows Server 2022. Never asked of the runtime inline: Wine and compatibility modes answer otherwise.</summary>
    int Build { get; }

    /// <summary>Logical processors of all groups.</summary>
    int Processors { get; }
}
