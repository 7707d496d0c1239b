namespace Orlop.Cli.Output;

internal enum OutputFormat
{
    Table,
    Json,
}
