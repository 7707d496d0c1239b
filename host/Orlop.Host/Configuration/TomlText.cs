using System.Globalization;
using System.Text;

namespace Orlop.Host.Configuration;

/// <summary>Values written as TOML, the way <c>config show</c> and error messages print them.</summary>
internal static class TomlText
{
    public static string Of(object value) => value switch
    {
        string text => Quote(text),
        bool truth => truth ? "true" : "false",
        IEnumerable<string> texts => $"[{string.Join(", ", texts.Select(Quote))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>A key, quoted where TOML does not take it bare.</summary>
    public static string Key(string key) =>
        key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') ? key : Quote(key);

    private static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or '\x7f' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }
}
