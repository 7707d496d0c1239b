using Orlop.Bench.Measuring;
using Orlop.Cri.V1;

namespace Orlop.Bench.Scenarios;

/// <summary>Pull and unpack of an image that is not here.</summary>
internal sealed class Pulls(Rounds rounds, string? image) : IScenario
{
    private const int Samples = 7;

    public string Name => "pull";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (image is null) return;
        var spec = new ImageSpec { Image = image };
        await rounds.MeasureAsync(FigureNames.Pull, Samples, 1, async (node, _) =>
        {
            var time = await Rounds.TimeAsync(async () => await node.Client.Images.PullImageAsync(new PullImageRequest { Image = spec }, cancellationToken: cancellationToken));
            await node.Client.Images.RemoveImageAsync(new RemoveImageRequest { Image = spec }, cancellationToken: cancellationToken);
            return time;
        }, cancellationToken);
    }
}
