using Orlop.Host.Hosting;

namespace Orlop.Host.Tests.Hosting;

public sealed class CommandLineTests
{
    [Fact]
    public void Flags_are_read_in_both_spellings()
    {
        CommandLine.Parse(["--config", "/a.toml", "--log-level=debug", "--strict"]).Should().Be(
            new CommandLine { Verb = Verb.Serve, ConfigFile = "/a.toml", LogLevel = "debug", Strict = true });
        CommandLine.Parse([]).Should().Be(new CommandLine { Verb = Verb.Serve });
    }

    [Theory]
    [InlineData("config check --config=/a", Verb.ConfigCheck)]
    [InlineData("--config /a config show", Verb.ConfigShow)]
    [InlineData("plugins verify /a --json", Verb.PluginsVerify)]
    [InlineData("--version", Verb.ShowVersion)]
    [InlineData("--strict -h", Verb.ShowHelp)]
    internal void Commands_are_known(string line, Verb verb) => CommandLine.Parse(line.Split(' ')).Verb.Should().Be(verb);

    [Theory]
    [InlineData("--confg /a", "unknown argument '--confg'; did you mean '--config'?")]
    [InlineData("--config", "--config needs a value")]
    [InlineData("--config=", "--config needs a value")]
    [InlineData("--log-level loud", "--log-level is 'loud'; expected one of trace, debug, info, warning, error")]
    [InlineData("config edit", "config needs one of: check, show")]
    [InlineData("serve", "unknown argument 'serve'; known: --config, --help, --log-level, --strict, --version, config, plugins")]
    [InlineData("plugins list", "plugins needs: verify DIR")]
    [InlineData("plugins verify --json", "plugins verify needs the folder of a plugin")]
    [InlineData("plugins verify a b", "unknown argument 'b'; known: --config, --help, --log-level, --strict, --version, config, plugins")]
    public void A_wrong_command_line_says_what_is_wrong(string line, string problem)
    {
        var parsed = CommandLine.Parse(line.Split(' '));

        parsed.Verb.Should().Be(Verb.Refuse);
        parsed.Problem.Should().Be(problem);
    }
}
