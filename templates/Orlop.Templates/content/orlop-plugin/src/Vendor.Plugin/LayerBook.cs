using System.Text.Json;
using Orlop.Abstractions.Plugins;
using Orlop.Abstractions.Records;

namespace Vendor.Plugin;

/// <summary>Which layers and root file systems there are. A folder counts once it is on record, and until it is not.</summary>
internal sealed class LayerBook(PluginContext context, IRecordStore records)
{
    private const string LayerPrefix = "layer/";
    private const string RootPrefix = "root/";

    /// <summary>Where everything is kept.</summary>
    public string Folder { get; } = Directory.CreateDirectory(
        context.Settings.String("folder") is { Length: > 0 } folder ? Path.GetFullPath(folder) : Path.Join(context.RootFolder, "layers")).FullName;

    public async Task<IEnumerable<Layer>> LayersAsync(CancellationToken cancellationToken) => await ReadAsync<Layer>(LayerPrefix, cancellationToken);

    public async Task<IEnumerable<Root>> RootsAsync(CancellationToken cancellationToken) => await ReadAsync<Root>(RootPrefix, cancellationToken);

    /// <summary>An empty folder that nothing else has.</summary>
    public string NewFolder()
    {
        string folder = Path.Join(Folder, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>Makes a folder that is a root: with owner and mode of the one below it, unless an archive has others.</summary>
    public static async Task MakeRootAsync(string folder, string? below, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        if (below is not null)
            await Programs.RunAsync("chown", [$"--reference={below}", folder], cancellationToken);
        await Programs.RunAsync("chmod", [below is null ? "0755" : $"--reference={below}", folder], cancellationToken);
    }

    /// <summary>Removes the folders that nobody knows: a crash left them.</summary>
    public async Task RemoveAllButAsync(IEnumerable<string> known, CancellationToken cancellationToken)
    {
        foreach (string folder in Directory.GetDirectories(Folder).Except(known, StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Programs.RemoveAsync(folder);
        }
    }

    // A layer outlives a power cut: its files are on the disk before its record is.
    public async Task AddAsync(Layer layer, CancellationToken cancellationToken)
    {
        await Programs.RunAsync("sync", ["--file-system", layer.Folder], cancellationToken);
        await PutAsync(LayerPrefix + layer.ChainId, layer, Durability.Power, cancellationToken);
    }

    // A container does not.
    public Task AddAsync(Root root, CancellationToken cancellationToken) => PutAsync(RootPrefix + root.Key, root, Durability.Process, cancellationToken);

    public Task ForgetAsync(Layer layer, CancellationToken cancellationToken) => DeleteAsync(LayerPrefix + layer.ChainId, cancellationToken);

    public Task ForgetAsync(Root root, CancellationToken cancellationToken) => DeleteAsync(RootPrefix + root.Key, cancellationToken);

    private async Task<IEnumerable<T>> ReadAsync<T>(string prefix, CancellationToken cancellationToken) =>
        (await records.ListAsync(prefix, cancellationToken)).Select(record => JsonSerializer.Deserialize<T>(record.Value)!);

    private async Task PutAsync<T>(string key, T value, Durability durability, CancellationToken cancellationToken) =>
        await records.CommitAsync(new RecordChanges().Put(key, JsonSerializer.SerializeToUtf8Bytes(value)), durability, cancellationToken);

    private async Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        await records.CommitAsync(new RecordChanges().Delete(key), Durability.Process, cancellationToken);
}
