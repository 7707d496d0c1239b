using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Acme.Defaults;

/// <summary>The file of the setting <c>file</c>: an entry below <c>namespaces</c> for each namespace that has defaults.</summary>
internal sealed class DefaultsFile
{
    /// <summary>The defaults by namespace.</summary>
    public Dictionary<string, ContainerDefaults> Namespaces { get; init; } = [];

    /// <exception cref="InvalidDataException">The file is wrong; the message names it, the place and what is wrong there.</exception>
    public static DefaultsFile Read(string path)
    {
        var file = Parse(path);
        foreach (var (name, defaults) in file.Namespaces)
        {
            if (defaults.Environment.Find(variable => variable.IndexOf('=') < 1) is { } wrong)
                throw new InvalidDataException($"{path}: namespaces.{name}.environment has \"{wrong}\"; write NAME=value");
            if (defaults.OpenFiles < 0)
                throw new InvalidDataException($"{path}: namespaces.{name}.openFiles is {defaults.OpenFiles}; write how many files a process may have open");
        }

        return file;
    }

    private static DefaultsFile Parse(string path)
    {
        try
        {
            var yaml = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
            return yaml.Deserialize<DefaultsFile?>(File.ReadAllText(path)) ?? new DefaultsFile();
        }
        catch (YamlException e)
        {
            throw new InvalidDataException($"{path}:{e.Start.Line}: {e.InnerException?.Message ?? e.Message}", e);
        }
    }
}
