namespace Orlop.Cni.Configuration;

/// <summary>The folder that network add-ons put their configuration into: the first valid file in order of names is the pod network.</summary>
internal sealed class ConfigurationFolder(string path)
{
    // Far above any real configuration; keeps a misplaced file out of memory.
    private const long LargestFile = 1024 * 1024;

    public string Path { get; } = path;

    /// <summary>Reads the folder as it is now. Never throws: what is wrong is part of the answer.</summary>
    public ConfigurationScan Scan()
    {
        List<string> files;
        try
        {
            files = Directory.EnumerateFiles(Path)
                .Where(file => System.IO.Path.GetExtension(file) is ".conflist" or ".conf" or ".json")
                .Order(StringComparer.Ordinal)
                .ToList();
        }
        catch (DirectoryNotFoundException)
        {
            return new ConfigurationScan(null, [], $"the folder {Path} does not exist");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ConfigurationScan(null, [], $"the folder {Path} cannot be read: {e.Message}");
        }

        var broken = new List<BrokenFile>();
        foreach (string file in files)
        {
            try
            {
                return new ConfigurationScan(Read(file), broken, null);
            }
            catch (Exception e) when (e is InvalidConfigurationException or IOException or UnauthorizedAccessException)
            {
                broken.Add(new BrokenFile(file, e.Message));
            }
        }

        return new ConfigurationScan(null, broken, files.Count == 0 ? $"{Path} holds no .conflist, .conf or .json file" : $"{Path} holds no valid configuration");
    }

    private static NetworkConfiguration Read(string file)
    {
        long length = new FileInfo(file).Length;
        if (length > LargestFile)
        {
            throw new InvalidConfigurationException($"{length} bytes are more than a network configuration can have ({LargestFile})");
        }

        return NetworkConfigurationReader.Read(File.ReadAllBytes(file), file);
    }
}
