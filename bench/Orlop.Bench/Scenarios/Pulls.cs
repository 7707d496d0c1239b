using Orlop.Bench.Measuring;
using Orlop.Cri.V1;

namespace Orlop.Bench.Scenarios;

/// <summary>Pull and unpack of images that are not here.</summary>
internal sealed class Pulls(BenchClient client, Report report, IReadOnlyList<string> images) : Scenario
{
    private const int Rounds = 3;

    public override string Name => "pull";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (string image in images)
        {
            var spec = new ImageSpec { Image = image };
            await report.TimeAsync($"pull {image}", Rounds, 1, async _ =>
            {
                await client.Images.RemoveImageAsync(new RemoveImageRequest { Image = spec }, cancellationToken: cancellationToken);
                return await TimedAsync(async () => await client.Images.PullImageAsync(new PullImageRequest { Image = spec }, cancellationToken: cancellationToken));
            });
        }
    }
}
