using System.Text.RegularExpressions;

namespace Orlop.VendorTests;

[Collection(WorkshopCollection.Name)]
public sealed partial class Documentation(Workshop workshop)
{
    // What the walk writes on the node lies over this machine's folders, for the time of the test.
    private const string Node = """
        set -euo pipefail
        mount -t tmpfs tmpfs "$NODE"
        for folder in etc opt var; do
            mkdir "$NODE/$folder" "$NODE/$folder.work"
            mount -t overlay overlay -o "lowerdir=/$folder,upperdir=$NODE/$folder,workdir=$NODE/$folder.work" "/$folder"
        done
        mount -t tmpfs tmpfs /run
        rm -rf /etc/orlop /opt/orlop /var/lib/orlop

        """;

    // Without systemd: starts the daemon and, as the unit's Type=notify, comes back when it is ready.
    private const string Systemctl = """
        #!/bin/bash
        [ "$*" = "restart orlop" ] || exit 1
        setsid "$DIST/orlopd/orlopd" >"$NODE/orlopd.log" 2>&1 </dev/null &
        for ((i = 0; i < 300; i++)); do
            orlop plugins >/dev/null 2>&1 && exit 0
            sleep 0.2
        done
        cat "$NODE/orlopd.log" >&2
        exit 1

        """;

    [NodeFact]
    public async Task The_way_from_nothing_to_a_loaded_plugin_works_as_it_is_written()
    {
        string text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "plugins.md"));
        string section = Section().Match(text).Value;
        string commands = string.Concat(ShellBlock().Matches(section).Select(block => block.Groups["commands"].Value));
        string shims = Directory.CreateDirectory(workshop.Below("walk/bin")).FullName;
        string node = Directory.CreateDirectory(workshop.Below("walk/node")).FullName;
        string empty = Directory.CreateDirectory(workshop.Below("walk/empty")).FullName;
        await File.WriteAllTextAsync(Path.Combine(shims, "systemctl"), Systemctl);
        File.SetUnixFileMode(Path.Combine(shims, "systemctl"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string[] environment = [$"DOTNET_CLI_HOME={workshop.Below("walk/home")}", $"NODE={node}", $"DIST={Repository.Dist}", $"ORLOP={Repository.Root}", $"PATH={shims}:{Repository.Dist}/orlop:{Environment.GetEnvironmentVariable("PATH")}"];

        string output = await workshop.RunAsync(empty, Workshop.Isolated(["env", .. environment, "bash", "-c", Node + commands]));

        commands.Should().Contain("dotnet new orlop-plugin").And.Contain("plugins verify").And.EndWith("orlop plugins\n");
        output.Should().Contain("plugin 'acme-greeting' 0.1.0 is good; it gives: hook acme-greeting");
        output[output.LastIndexOf("PLUGIN", StringComparison.Ordinal)..].Should().MatchRegex(@"acme-greeting +0\.1\.0 +Active");
    }

    [GeneratedRegex(@"^## From nothing to a loaded plugin$.*?(?=^## )", RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Section();

    [GeneratedRegex(@"^```sh\n(?<commands>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShellBlock();
}
