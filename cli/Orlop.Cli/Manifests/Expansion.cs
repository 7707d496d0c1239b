using System.Text;

namespace Orlop.Cli.Manifests;

/// <summary>
/// The <c>$(NAME)</c> of commands, arguments and environment values in a pod: a known name becomes its value, an unknown one
/// stays as it is written, and <c>$$</c> is a dollar sign that begins nothing.
/// </summary>
internal static class Expansion
{
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables)
    {
        var result = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '$' || i + 1 == text.Length)
            {
                result.Append(text[i]);
                continue;
            }

            int close = text[i + 1] == '(' ? text.IndexOf(')', i + 2) : -1;
            if (text[i + 1] == '$')
            {
                result.Append('$');
                i++;
            }
            else if (close > 0)
            {
                string name = text[(i + 2)..close];
                result.Append(variables.TryGetValue(name, out string? value) ? value : $"$({name})");
                i = close;
            }
            else
            {
                result.Append('$');
            }
        }

        return result.ToString();
    }
}
