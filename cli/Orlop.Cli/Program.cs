using Orlop.Cli.Hosting;

namespace Orlop.Cli;

internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        using var context = CliContext.OfProcess();
        return await OrlopCli.RunAsync(arguments, context);
    }
}
