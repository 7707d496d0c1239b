namespace Orlop.Host.Configuration;

/// <summary>Finds the files of the configuration, lays them over each other and reads the result.</summary>
/// <param name="explicitFile">The file that the command line names, or null for <see cref="DefaultFile"/>.</param>
/// <param name="logLevel">The level that the command line names, or null.</param>
internal sealed class ConfigLoader(string? explicitFile = null, string? logLevel = null)
{
    public const string DefaultFile = "/etc/orlop/config.toml";

    /// <summary>Reads the file and the drop-ins <c>conf.d/*.toml</c> beside it, in lexical order; a later value wins key by key.</summary>
    public LoadedConfig Load()
    {
        var errors = new ConfigErrors();
        var files = FindFiles(errors);
        var document = new ConfigTable(new Origin(explicitFile ?? DefaultFile));
        foreach (string file in files)
            document.Merge(TomlFile.Read(file, errors));
        if (logLevel is not null)
            Override(document, "log", "level", logLevel, "--log-level");

        var settings = new List<ConfigSetting>();
        var config = ConfigReader.Read(document, errors, settings);
        return new LoadedConfig(config, settings, errors, files);
    }

    private List<string> FindFiles(ConfigErrors errors)
    {
        var files = new List<string>();
        string main = Path.GetFullPath(explicitFile ?? DefaultFile);
        if (File.Exists(main))
            files.Add(main);
        else if (explicitFile is not null)
            errors.Add(new Origin(main), "this file of --config does not exist; create it, an empty one is enough, or leave --config out");

        string dropIns = Path.Combine(Path.GetDirectoryName(main)!, "conf.d");
        if (Directory.Exists(dropIns))
            files.AddRange(Directory.EnumerateFiles(dropIns, "*.toml").Order(StringComparer.Ordinal));
        return files;
    }

    private static void Override(ConfigTable document, string table, string key, string value, string flag)
    {
        if (document.Find(table) is not ConfigTable target)
            document.Set(table, target = new ConfigTable(new Origin(flag)));
        target.Set(key, new ConfigScalar(value, new Origin(flag)));
    }
}
