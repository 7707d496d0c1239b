using System.Collections.Frozen;
using System.Globalization;

namespace Orlop.Linux.Seccomp;

/// <summary>The system call numbers of each architecture, from <c>syscalls.txt</c>: kernel headers up to Linux 6.18.</summary>
internal static class SyscallTable
{
    private static readonly Lazy<FrozenDictionary<string, int>[]> Tables = new(Load);

    public static FrozenDictionary<string, int> X64 => Tables.Value[0];

    /// <summary>Without <see cref="SeccompArchitecture.X32Bit"/>.</summary>
    public static FrozenDictionary<string, int> X32 => Tables.Value[1];

    public static FrozenDictionary<string, int> X86 => Tables.Value[2];

    public static FrozenDictionary<string, int> Arm64 => Tables.Value[3];

    private static FrozenDictionary<string, int>[] Load()
    {
        using Stream stream = typeof(SyscallTable).Assembly.GetManifestResourceStream("Orlop.Linux.Seccomp.syscalls.txt")
            ?? throw new InvalidOperationException("The table of system calls is missing in Orlop.Linux.dll.");
        using var reader = new StreamReader(stream);
        var columns = new Dictionary<string, int>[] { [], [], [], [] };
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            string[] fields = line.Split(' ');
            for (int i = 0; i < columns.Length; i++)
                if (fields[i + 1] != "-") columns[i].Add(fields[0], int.Parse(fields[i + 1], CultureInfo.InvariantCulture));
        }
        return [.. columns.Select(column => column.ToFrozenDictionary(StringComparer.Ordinal))];
    }
}
