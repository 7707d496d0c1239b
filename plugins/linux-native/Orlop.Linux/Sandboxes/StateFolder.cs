using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Orlop.Linux.Cgroups;
using Orlop.Linux.Containers;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Sandboxes;

/// <summary>
/// A pod's folder: <c>pods/ID</c> with <c>pod.json</c>, <c>sup.sock</c>, <c>exits/</c>, <c>containers/ID.json</c> and <c>files/</c>.
/// </summary>
/// <remarks>
/// The name is half of the sandbox's id: a socket's path has 107 bytes at most. The folder appears with <c>pod.json</c> in it and disappears in one
/// step, both by a rename, so that whoever finds a folder knows whose it is.
/// </remarks>
internal sealed class StateFolder(string path)
{
    private const uint Private = 0x1c0; // 0700
    private const string Appearing = ".new-", Disappearing = ".old-";

    public static string PathOf(string pods, string sandboxId) => System.IO.Path.Join(pods, sandboxId.Length > 32 ? sandboxId[..32] : sandboxId);

    public string Path => path;

    public string Socket => $"{path}/sup.sock";

    public string Files => $"{path}/files";

    public bool Exists => CgroupFile.Exists(path);

    /// <summary>The folders of all pods, whole ones only.</summary>
    public static IReadOnlyList<StateFolder> All(string pods) =>
        [.. Directory.GetDirectories(pods).Where(folder => !System.IO.Path.GetFileName(folder.AsSpan()).StartsWith(".")).Select(folder => new StateFolder(folder))];

    /// <summary>Removes what a crash left half made or half removed. Only while nobody makes or removes one.</summary>
    /// <param name="pods">The folder of all pods.</param>
    /// <param name="failed">Told which one stays, and why; it costs nobody else anything.</param>
    public static void RemoveHalves(string pods, Action<string, string> failed)
    {
        foreach (string folder in Directory.GetDirectories(pods, ".*"))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                failed(folder, e.Message);
            }
        }
    }

    public void Create(SandboxRecordFile record)
    {
        var half = new StateFolder(Beside(Appearing));
        foreach (string folder in (string[])[half.Path, $"{half.Path}/{ExitRecord.Folder}", $"{half.Path}/containers", half.Files])
            FileSystem.MakeDirectory(SafeFileDescriptor.CurrentDirectory, folder, Private);
        half.Write(record);
        FileSystem.Rename(SafeFileDescriptor.CurrentDirectory, half.Path, SafeFileDescriptor.CurrentDirectory, path);
    }

    /// <summary>No error when it is gone.</summary>
    public void Remove()
    {
        string half = Beside(Disappearing);
        if (Exists) FileSystem.Rename(SafeFileDescriptor.CurrentDirectory, path, SafeFileDescriptor.CurrentDirectory, half);
        foreach (string left in (string[])[half, Beside(Appearing)])
            if (Directory.Exists(left)) Directory.Delete(left, recursive: true);
    }

    public SandboxRecordFile? ReadSandbox() => Read("pod.json", StateJson.Default.SandboxRecordFile);

    public void Write(SandboxRecordFile record) => Write("pod.json", record, StateJson.Default.SandboxRecordFile);

    public ContainerRecord? ReadContainer(string id) => Read($"containers/{id}.json", StateJson.Default.ContainerRecord);

    public void Write(ContainerRecord record) => Write($"containers/{record.Id}.json", record, StateJson.Default.ContainerRecord);

    /// <summary>Its own file last: as long as that is there, whatever else is left of the container can be found.</summary>
    public void RemoveContainer(string id)
    {
        FileSystem.TryRemove(SafeFileDescriptor.CurrentDirectory, $"{path}/{ExitRecord.Folder}/{id}");
        FileSystem.TryRemove(SafeFileDescriptor.CurrentDirectory, $"{path}/containers/{id}.json");
    }

    /// <summary>The ids of the containers that were made.</summary>
    public IReadOnlyList<string> Containers() => Directory.Exists($"{path}/containers")
        ? [.. Directory.GetFiles($"{path}/containers", "*.json").Select(file => System.IO.Path.GetFileNameWithoutExtension(file))]
        : [];

    /// <summary>What the supervisor left of a process's end; null when it did not see it, or half of it (R12).</summary>
    public ExitRecord? ReadExit(string key)
    {
        using SafeFileDescriptor? file = FileSystem.TryOpen(SafeFileDescriptor.CurrentDirectory, $"{path}/{ExitRecord.Folder}/{key}", OpenFlags.ReadOnly);
        return file is not null && ExitRecord.TryParse(FileSystem.ReadAll(file), out ExitRecord record) ? record : null;
    }

    /// <summary>Writes a file that containers see; readable for everybody, whatever our umask is.</summary>
    public void WriteFile(string name, string content)
    {
        using SafeFileDescriptor file = FileSystem.Open($"{Files}/{name}", OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, 0x1a4);
        FileSystem.ChangeMode(file, 0x1a4); // 0644
        FileSystem.Write(file, System.Text.Encoding.UTF8.GetBytes(content));
    }

    private string Beside(string prefix) => $"{System.IO.Path.GetDirectoryName(path)}/{prefix}{System.IO.Path.GetFileName(path)}";

    private T? Read<T>(string name, JsonTypeInfo<T> type)
        where T : class
    {
        using SafeFileDescriptor? file = FileSystem.TryOpen(SafeFileDescriptor.CurrentDirectory, $"{path}/{name}", OpenFlags.ReadOnly);
        if (file is null) return null;
        try
        {
            return JsonSerializer.Deserialize(FileSystem.ReadAll(file), type);
        }
        catch (JsonException)
        {
            return null; // as good as none (R12); the folder is on a tmpfs and files are renamed into place
        }
    }

    private void Write<T>(string name, T value, JsonTypeInfo<T> type)
    {
        string target = $"{path}/{name}", temporary = $"{target}.new";
        using (SafeFileDescriptor file = FileSystem.Open(temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, 0x180)) // 0600
            FileSystem.Write(file, JsonSerializer.SerializeToUtf8Bytes(value, type));
        FileSystem.Rename(SafeFileDescriptor.CurrentDirectory, temporary, SafeFileDescriptor.CurrentDirectory, target);
    }
}
