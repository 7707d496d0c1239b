using System.Text;

namespace Orlop.Windows.Simulator;

/// <summary>What a simulated program sees.</summary>
internal sealed class ProgramContext(SimulatedProcess process)
{
    /// <summary>Its command line, taken apart.</summary>
    public IReadOnlyList<string> Arguments { get; } = CommandLineParser.Parse(process.Parameters.CommandLine);

    /// <summary>The first control event that it gets.</summary>
    public Task<string> Signal => process.Signal;

    public Task WriteLineAsync(string line) => process.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), standardError: false);

    public Task WriteErrorAsync(string text) => process.WriteAsync(Encoding.UTF8.GetBytes(text), standardError: true);

    /// <summary>Leaves its pipes open at its end, as a program does whose children live on.</summary>
    public void LeavePipesOpen() => process.PipesStayOpen = true;
}
