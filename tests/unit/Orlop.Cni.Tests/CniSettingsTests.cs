using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Plugins;

namespace Orlop.Cni.Tests;

public sealed class CniSettingsTests
{
    [Fact]
    public void Values_are_taken_over() => CniSettings.From(Settings("/etc/cni/net.d", ["/opt/cni/bin"], 7)).Should().BeEquivalentTo(new CniSettings
    {
        ConfFolder = "/etc/cni/net.d",
        BinFolders = ["/opt/cni/bin"],
        Timeout = TimeSpan.FromSeconds(7),
        PassEnvironment = ["HTTP_PROXY"],
    });

    [Fact]
    public void All_errors_are_said_together()
    {
        Action read = () => CniSettings.From(Settings("net.d", ["bin"], 0));
        read.Should().Throw<RuntimeException>().WithMessage("*conf_folder 'net.d'*'bin'*timeout_seconds is 0*");
    }

    [Fact]
    public void Every_setting_is_declared_in_the_manifest()
    {
        string manifest = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "plugin.toml"));
        foreach (string key in (string[])["conf_folder", "bin_folders", "timeout_seconds", "pass_environment"])
        {
            manifest.Should().Contain($"[settings.{key}]");
        }
    }

    private static PluginSettings Settings(string folder, IReadOnlyList<string> binaries, long timeout) => new(new Dictionary<string, object>
    {
        ["conf_folder"] = folder,
        ["bin_folders"] = binaries,
        ["timeout_seconds"] = timeout,
        ["pass_environment"] = (IReadOnlyList<string>)["HTTP_PROXY"],
    });
}
