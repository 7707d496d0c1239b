using System.Text.RegularExpressions;
using Orlop.Host.Configuration;
using Orlop.Host.Tests.Support;
using Orlop.Testing;

namespace Orlop.Host.Tests.Configuration;

public sealed partial class DocumentedKeysTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_documentation_has_every_key_with_its_default_and_no_other()
    {
        _folder.Write("config.toml", "[handlers.default]\n[plugins.any]\n");
        var real = new ConfigLoader(_folder.File("config.toml")).Load().Settings
            .Where(setting => setting.Key != "plugin_folders") // its default depends on where the program lies
            .Select(setting => $"{setting.Key} = {setting.Value.Trim('"')}");

        var documented = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "configuration.md")))
            .Select(row => (Key: row.Groups["key"].Value.Replace("<name>", "default").Replace("<id>", "any"), Default: row.Groups["default"].Value))
            .Where(row => row.Key != "plugin_folders")
            .Select(row => $"{row.Key} = {row.Default}");

        documented.Should().BeEquivalentTo(real);
    }

    [GeneratedRegex(@"^\| `(?<key>[^`]+)` \| `(?<default>[^`]*)`", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Row();
}
