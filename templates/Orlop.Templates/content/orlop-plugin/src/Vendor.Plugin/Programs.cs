using System.ComponentModel;
using System.Diagnostics;
using Orlop.Abstractions.Errors;

namespace Vendor.Plugin;

/// <summary>Runs programs of the node.</summary>
internal static class Programs
{
    /// <exception cref="RuntimeException">It failed; the message has what it wrote to its standard error.</exception>
    public static async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var (exitCode, error) = await TryRunAsync(program, arguments, Stream.Null, cancellationToken);
        if (exitCode != 0)
            throw RuntimeException.Unavailable($"{program}: {error}");
    }

    /// <summary>Removes a folder, whatever names its files have. It is never stopped half-way.</summary>
    public static Task RemoveAsync(string folder) => RunAsync("rm", ["--recursive", "--force", "--one-file-system", folder], CancellationToken.None);

    /// <summary>Runs a program with a standard input, and gives its exit code and what it wrote to its standard error.</summary>
    public static async Task<(int ExitCode, string Error)> TryRunAsync(string program, IEnumerable<string> arguments, Stream input, CancellationToken cancellationToken)
    {
        var (exitCode, _, error) = await CallAsync(program, arguments, input, cancellationToken);
        return (exitCode, error);
    }

    /// <summary>What a program that succeeds writes to its standard output.</summary>
    public static async Task<string> OutputOfAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var (exitCode, output, error) = await CallAsync(program, arguments, Stream.Null, cancellationToken);
        return exitCode == 0 ? output : throw RuntimeException.Unavailable($"{program}: {error}");
    }

    private static async Task<(int ExitCode, string Output, string Error)> CallAsync(string program, IEnumerable<string> arguments, Stream input, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var process = Start(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await FeedAsync(process, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output, (await error).Trim().ReplaceLineEndings("; "));
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    private static async Task FeedAsync(Process process, Stream input, CancellationToken cancellationToken)
    {
        var pipe = process.StandardInput.BaseStream;
        byte[] buffer = new byte[1 << 16];
        while (await input.ReadAsync(buffer, cancellationToken) is > 0 and var length)
        {
            try
            {
                await pipe.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            }
            catch (IOException)
            {
                break; // it has ended, and its exit code says why
            }
        }

        process.StandardInput.Close();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw RuntimeException.Unavailable($"{start.FileName} cannot be run: {e.Message}; install coreutils and tar", e);
        }
    }
}
