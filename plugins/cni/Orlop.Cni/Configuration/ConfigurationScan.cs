namespace Orlop.Cni.Configuration;

/// <summary>What a look into the configuration folder found.</summary>
/// <param name="Network">The pod network, or null.</param>
/// <param name="Broken">Files that come before it and cannot be used.</param>
/// <param name="Missing">Why there is no network; null when there is one.</param>
internal sealed record ConfigurationScan(NetworkConfiguration? Network, IReadOnlyList<BrokenFile> Broken, string? Missing);

/// <summary>A file that was skipped.</summary>
internal sealed record BrokenFile(string File, string Error)
{
    public override string ToString() => $"{File}: {Error}";
}
