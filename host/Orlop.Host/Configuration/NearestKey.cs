namespace Orlop.Host.Configuration;

/// <summary>Finds the name that a mistyped one was meant to be.</summary>
internal static class NearestKey
{
    /// <summary>The nearest name within a third of its length (one edit at least), or null.</summary>
    public static string? Find(string mistyped, IEnumerable<string> known)
    {
        var nearest = known.Select(name => (Name: name, Distance: Distance(mistyped, name)))
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.Name is { } name && nearest.Distance <= Math.Max(1, Math.Max(name.Length, mistyped.Length) / 3) ? name : null;
    }

    /// <summary><c>did you mean 'x'?</c> where a name is near, else the list of known names.</summary>
    public static string Hint(string mistyped, IReadOnlyCollection<string> known) => Find(mistyped, known) switch
    {
        { } name => $"did you mean '{name}'?",
        null when known.Count == 0 => "none is known",
        null => $"known: {string.Join(", ", known.Order(StringComparer.Ordinal))}",
    };

    // Optimal string alignment: an insertion, a deletion, a substitution or a swap of neighbours counts one.
    private static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            rows[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            rows[0, j] = j;

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = rows[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(substitution, 1 + Math.Min(rows[i - 1, j], rows[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }

        return rows[a.Length, b.Length];
    }
}
