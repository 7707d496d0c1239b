using System.CommandLine;
using System.Text;
using Orlop.Cli.Hosting;
using Orlop.Cri.V1;

namespace Orlop.Cli.Commands.Images;

/// <summary>
/// Credentials for a registry: <c>--creds</c> is seen by everyone who lists processes, so that standard input and an
/// environment variable are offered too.
/// </summary>
internal sealed class CredentialOptions
{
    public const string Variable = "ORLOP_CREDS";

    private readonly Option<string?> _inline = new("--creds")
    {
        Description = $"Registry credentials; other users can see them in the process list: prefer --creds-stdin or ${Variable}",
        HelpName = "USER:PASSWORD",
    };

    private readonly Option<bool> _stdin = new("--creds-stdin") { Description = "Read USER:PASSWORD from standard input" };

    public void AddTo(Command command)
    {
        command.Add(_inline);
        command.Add(_stdin);
    }

    public async Task<AuthConfig?> ReadAsync(ParseResult arguments, CliContext context, CancellationToken cancellationToken)
    {
        if (arguments.GetValue(_inline) is { } inline)
            return Parse(inline, "--creds");

        if (arguments.GetValue(_stdin))
        {
            using var reader = new StreamReader(context.Input, Encoding.UTF8, leaveOpen: true);
            return Parse((await reader.ReadLineAsync(cancellationToken) ?? "").TrimEnd('\r'), "--creds-stdin");
        }

        return context.Variable(Variable) is { Length: > 0 } variable ? Parse(variable, Variable) : null;
    }

    /// <summary>The text itself never shows in an error.</summary>
    private static AuthConfig Parse(string text, string source)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            ? new AuthConfig { Username = text[..colon], Password = text[(colon + 1)..] }
            : throw CliException.Usage($"read the credentials of {source}", "they are not in the form USER:PASSWORD");
    }
}
