using Orlop.Host.Configuration;

namespace Orlop.Host.Hosting;

/// <summary>What orlopd is asked to do.</summary>
internal enum Verb
{
    Serve,
    ConfigCheck,
    ConfigShow,
    PluginsVerify,
    ShowVersion,
    ShowHelp,

    /// <summary>The command line is wrong; <see cref="CommandLine.Problem"/> says how.</summary>
    Refuse,
}

/// <summary>The command line of orlopd.</summary>
internal sealed record CommandLine
{
    public const string Usage = """
        Usage: orlopd [--config FILE] [--log-level LEVEL] [--strict]
               orlopd config check [--config FILE]
               orlopd config show [--config FILE]
               orlopd plugins verify DIR [--config FILE] [--json]
               orlopd --version | --help

        Serves the Kubernetes Container Runtime Interface on a unix socket.

          --config FILE      the configuration (default /etc/orlop/config.toml; conf.d/*.toml beside it is laid over it)
          --log-level LEVEL  trace, debug, info, warning or error; wins over log.level of the configuration
          --strict           exit with 1 when a plugin that the configuration names cannot be used
          --version          print the version
          --help             print this

        config check names everything that is wrong in the configuration; config show prints each effective value with
        its origin. plugins verify takes the plugin in DIR through all that the daemon checks before it uses one, and exits
        with 1 when it would not; --json prints that as one object.

        Signals: SIGTERM and SIGINT stop orlopd and leave pods running, SIGHUP reads the configuration again.
        """;

    public required Verb Verb { get; init; }

    public string? ConfigFile { get; init; }

    public string? LogLevel { get; init; }

    public bool Strict { get; init; }

    /// <summary>The plugin that is to be verified.</summary>
    public string? PluginFolder { get; init; }

    public bool Json { get; init; }

    /// <summary>What is wrong with the command line.</summary>
    public string Problem { get; init; } = "";

    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var line = new CommandLine { Verb = Verb.Serve };
        for (int i = 0; i < arguments.Count; i++)
        {
            var (name, inlineValue) = arguments[i].StartsWith("--", StringComparison.Ordinal) && arguments[i].IndexOf('=', StringComparison.Ordinal) is > 0 and var at
                ? (arguments[i][..at], arguments[i][(at + 1)..])
                : (arguments[i], null);
            switch (name)
            {
                case "--help" or "-h" when inlineValue is null:
                    return line with { Verb = Verb.ShowHelp };
                case "--version" when inlineValue is null:
                    return line with { Verb = Verb.ShowVersion };
                case "--strict" when inlineValue is null:
                    line = line with { Strict = true };
                    break;
                case "--config" or "--log-level":
                    if ((inlineValue ?? (++i < arguments.Count ? arguments[i] : null)) is not { Length: > 0 } value)
                        return Refuse($"{name} needs a value");
                    line = name is "--config" ? line with { ConfigFile = value } : line with { LogLevel = value };
                    break;
                case "config" when line.Verb is Verb.Serve && i + 1 < arguments.Count && arguments[i + 1] is "check" or "show":
                    line = line with { Verb = arguments[++i] is "check" ? Verb.ConfigCheck : Verb.ConfigShow };
                    break;
                case "config":
                    return Refuse("config needs one of: check, show");
                case "plugins" when line.Verb is Verb.Serve && i + 1 < arguments.Count && arguments[i + 1] is "verify":
                    i++;
                    line = line with { Verb = Verb.PluginsVerify };
                    break;
                case "plugins":
                    return Refuse("plugins needs: verify DIR");
                case "--json" when line.Verb is Verb.PluginsVerify && inlineValue is null:
                    line = line with { Json = true };
                    break;
                case var folder when line is { Verb: Verb.PluginsVerify, PluginFolder: null } && !folder.StartsWith('-'):
                    line = line with { PluginFolder = arguments[i] };
                    break;
                default:
                    return Refuse($"unknown argument '{arguments[i]}'; {NearestKey.Hint(name, ["--config", "--log-level", "--strict", "--version", "--help", "config", "plugins"])}");
            }
        }

        if (line is { Verb: Verb.PluginsVerify, PluginFolder: null })
            return Refuse("plugins verify needs the folder of a plugin");
        return line.LogLevel is { } level && !LogConfig.LevelNames.ContainsKey(level)
            ? Refuse($"--log-level is '{level}'; expected one of {string.Join(", ", LogConfig.LevelNames.Keys)}")
            : line;
    }

    private static CommandLine Refuse(string problem) => new() { Verb = Verb.Refuse, Problem = problem };
}
