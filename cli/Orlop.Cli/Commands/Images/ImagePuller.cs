using System.Text.Json;
using Orlop.Cli.Client;
using Orlop.Cli.Hosting;
using Orlop.Cli.Output;
using Orlop.Cri.V1;
using Spectre.Console;

namespace Orlop.Cli.Commands.Images;

/// <summary>Pulls an image and shows a bar while it does; PullImage itself says nothing until it is done.</summary>
internal sealed class ImagePuller(CriClient cri, CliContext context, Printer print)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(150);

    /// <summary>Answers the image's id.</summary>
    public async Task<string> PullAsync(string image, AuthConfig? credentials, PodSandboxConfig? pod, CancellationToken cancellationToken)
    {
        if (!context.ErrorIsTerminal)
        {
            print.Note($"pulling {image}");
            return await cri.PullAsync(image, credentials, pod, cancellationToken);
        }

        return await print.ErrorConsole.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(Cells.Text(image)).IsIndeterminate();
                using var finished = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var watch = WatchAsync(image, bar, finished.Token);
                try
                {
                    return await cri.PullAsync(image, credentials, pod, cancellationToken);
                }
                finally
                {
                    await finished.CancelAsync();
                    await watch;
                }
            });
    }

    /// <summary>Moves the bar until it is cancelled. That the runtime cannot say how far it is must not fail the pull.</summary>
    private async Task WatchAsync(string image, ProgressTask bar, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(PollInterval, context.Time, cancellationToken);
                var status = await cri.ImageStatusAsync(image, verbose: true, cancellationToken);
                if (status.Info.TryGetValue("pull", out string? json) && Parse(json) is { TotalBytes: > 0 } progress)
                    Show(image, bar, progress);
            }
        }
        catch (OperationCanceledException)
        {
            // The pull has ended.
        }
        catch (CliException failure)
        {
            bar.Description = $"{Cells.Text(image)} [grey]({Cells.Text(failure.Message)})[/]";
        }
    }

    private static void Show(string image, ProgressTask bar, PullProgress progress)
    {
        bar.IsIndeterminate = false;
        bar.MaxValue = progress.TotalBytes;
        bar.Value = Math.Min(progress.FetchedBytes, progress.TotalBytes);
        bar.Description = Describe(image, progress);
    }

    internal static string Describe(string image, PullProgress progress) =>
        $"{Cells.Text(image)} [grey]{Human.Size((ulong)Math.Max(0, progress.FetchedBytes))} of {Human.Size((ulong)progress.TotalBytes)}, "
        + $"layer {progress.UnpackedLayers}/{progress.TotalLayers}[/]";

    internal static PullProgress? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, CliJson.Readable.PullProgress);
        }
        catch (JsonException)
        {
            return null; // another runtime's info of the same name
        }
    }
}
