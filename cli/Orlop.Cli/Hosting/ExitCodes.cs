namespace Orlop.Cli.Hosting;

/// <summary>What the program answers to its caller, besides the code of a container or command that it passes on.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    public const int Failure = 1;

    /// <summary>The command line or the manifest is wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>A shell's convention for a program ended by a signal: 128 plus its number.</summary>
    public const int SignalBase = 128;
}
