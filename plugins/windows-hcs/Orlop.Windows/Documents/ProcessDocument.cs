namespace Orlop.Windows.Documents;

/// <summary>What HcsCreateProcess gets; <c>ProcessParameters</c> of HCS schema 2.</summary>
internal sealed record ProcessDocument
{
    public required string CommandLine { get; init; }

    public string? User { get; init; }

    public string? WorkingDirectory { get; init; }

    public IReadOnlyDictionary<string, string>? Environment { get; init; }

    /// <summary>Whether it has a terminal; then there is no pipe for its errors.</summary>
    public bool EmulateConsole { get; init; }

    /// <summary>Height, then width.</summary>
    public IReadOnlyList<int>? ConsoleSize { get; init; }

    public bool CreateStdInPipe { get; init; }

    public bool CreateStdOutPipe { get; init; }

    public bool CreateStdErrPipe { get; init; }
}
