using System.Reflection;
using Orlop.Abstractions.Errors;
using Orlop.Host.Hosting;

namespace Orlop.Host;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        Posix.ResetChildSignal();
        Posix.RestrictNewFiles();

        var line = CommandLine.Parse(arguments);
        try
        {
            return line.Verb switch
            {
                Verb.Serve => await Daemon.RunAsync(line),
                Verb.ConfigCheck => ConfigCommands.Check(line, Console.Out, Console.Error),
                Verb.ConfigShow => ConfigCommands.Show(line, Console.Out, Console.Error),
                Verb.PluginsVerify => await PluginCommands.VerifyAsync(line, Console.Out),
                Verb.ShowVersion => Print(Console.Out, $"orlopd {Version}", exitCode: 0),
                Verb.ShowHelp => Print(Console.Out, CommandLine.Usage, exitCode: 0),
                _ => Print(Console.Error, $"orlopd: {line.Problem}\n\n{CommandLine.Usage}", exitCode: 2),
            };
        }
        catch (RuntimeException e)
        {
            return Print(Console.Error, $"orlopd: {e.Message}", exitCode: 1);
        }
    }

    private static string Version =>
        typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static int Print(TextWriter writer, string text, int exitCode)
    {
        writer.WriteLine(text);
        return exitCode;
    }
}
