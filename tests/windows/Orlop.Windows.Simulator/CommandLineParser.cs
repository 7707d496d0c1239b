using System.Text;

namespace Orlop.Windows.Simulator;

/// <summary>CommandLineToArgvW as its documentation states it; written from that, not from the code that it checks.</summary>
internal static class CommandLineParser
{
    public static IReadOnlyList<string> Parse(string line)
    {
        var arguments = new List<string>();
        int at = 0;
        arguments.Add(Program(line, ref at));
        while (true)
        {
            while (at < line.Length && line[at] is ' ' or '\t') at++;
            if (at >= line.Length) return arguments;
            arguments.Add(Argument(line, ref at));
        }
    }

    // Up to the closing quote, or up to white space; backslashes are plain characters.
    private static string Program(string line, ref int at)
    {
        var name = new StringBuilder();
        bool quoted = false;
        for (; at < line.Length; at++)
        {
            char c = line[at];
            if (c == '"') quoted = !quoted;
            else if (c <= ' ' && !quoted) break;
            else name.Append(c);
        }

        return name.ToString();
    }

    // 2n backslashes and a quote: n backslashes, and the quote opens or closes. 2n + 1: n backslashes and a quote. Else as they are.
    private static string Argument(string line, ref int at)
    {
        var argument = new StringBuilder();
        bool quoted = false;
        while (at < line.Length && (quoted || line[at] is not (' ' or '\t')))
        {
            int backslashes = 0;
            while (at < line.Length && line[at] == '\\')
            {
                backslashes++;
                at++;
            }

            if (at >= line.Length || line[at] != '"')
            {
                argument.Append('\\', backslashes);
                if (at < line.Length && backslashes == 0) argument.Append(line[at++]);
                continue;
            }

            argument.Append('\\', backslashes / 2);
            if (backslashes % 2 == 1)
            {
                argument.Append('"');
            }
            else if (quoted && at + 1 < line.Length && line[at + 1] == '"')
            {
                argument.Append('"'); // a doubled quote within quotes is one
                at++;
            }
            else
            {
                quoted = !quoted;
            }

            at++;
        }

        return argument.ToString();
    }
}
