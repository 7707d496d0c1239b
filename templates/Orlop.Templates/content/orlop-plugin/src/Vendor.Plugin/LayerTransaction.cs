using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;

namespace Vendor.Plugin;

/// <summary>Unpacks a layer with tar(1), which keeps owners, hard links and devices, and follows no link of the archive out of the folder.</summary>
/// <param name="folder">The layer's folder.</param>
/// <param name="commit">Puts it on record.</param>
internal sealed class LayerTransaction(string folder, Func<CancellationToken, Task> commit) : ILayerTransaction
{
    private bool _isCommitted;

    public async Task ApplyAsync(Stream tar, CancellationToken cancellationToken)
    {
        string[] arguments = ["--extract", "--file=-", $"--directory={folder}", "--numeric-owner", "--same-owner", "--same-permissions", "--xattrs", "--xattrs-include=security.capability"];
        var (exitCode, error) = await Programs.TryRunAsync("tar", arguments, tar, cancellationToken);
        if (exitCode != 0)
            throw new RuntimeException(error.Contains("No space left", StringComparison.Ordinal) ? ErrorKind.ResourceExhausted : ErrorKind.InvalidArgument, $"the layer cannot be unpacked: {error}");
        Whiteouts.Convert(folder);
    }

    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        await commit(cancellationToken);
        _isCommitted = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isCommitted)
            await Programs.RemoveAsync(folder);
    }
}
