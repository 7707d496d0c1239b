namespace Orlop.Linux.Supervisor;

internal static class Program
{
    private static int Main() => 0;
}
