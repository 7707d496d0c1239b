namespace Orlop.Host.Configuration;

/// <summary>Where a value of the configuration comes from: a file and its line, a flag of the command line, or the built-in default.</summary>
/// <param name="Source">A file's path or a flag; null for a default.</param>
/// <param name="Line">The line in the file, from 1; 0 where there is none.</param>
internal readonly record struct Origin(string? Source, int Line = 0)
{
    public static Origin Default => default;

    public override string ToString() => (Source, Line) switch
    {
        (null, _) => "default",
        (_, 0) => Source,
        _ => $"{Source}:{Line}",
    };
}
