using System.Globalization;

namespace Orlop.Bench.Measuring;

/// <summary>Memory of all processes with certain names: proportional set size, and what is theirs alone.</summary>
internal sealed class MemoryMeter(IReadOnlyList<string> names)
{
    public (long PssKilobytes, long PrivateKilobytes, int Processes) Read()
    {
        long pss = 0, own = 0;
        int count = 0;
        foreach (string folder in Directory.GetDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
        {
            try
            {
                // The kernel cuts names after 15 characters.
                string name = File.ReadAllText(Path.Join(folder, "comm")).TrimEnd();
                if (!names.Any(n => name == (n.Length > 15 ? n[..15] : n))) continue;

                foreach (string line in File.ReadLines(Path.Join(folder, "smaps_rollup")))
                {
                    if (line.StartsWith("Pss:", StringComparison.Ordinal)) pss += Kilobytes(line);
                    if (line.StartsWith("Private_Dirty:", StringComparison.Ordinal)) own += Kilobytes(line);
                }

                count++;
            }
            catch (IOException)
            {
                // Ended while we looked.
            }
        }

        return (pss, own, count);
    }

    private static long Kilobytes(string line) => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
