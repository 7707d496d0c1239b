using Orlop.Bench.Measuring;
using Orlop.Bench.Nodes;
using Orlop.Cri.V1;

namespace Orlop.Bench.Scenarios;

/// <summary>Pull and unpack of images that are not here, each of them once; the first one warms.</summary>
/// <remarks>
/// Not one image again and again: for minutes ext4 looks at every inode that was just deleted before it makes a new one,
/// and a pull after a removal would measure that (fs/ext4/ialloc.c, recently_deleted).
/// </remarks>
internal sealed class Pulls(IReadOnlyList<BenchNode> nodes, Rounds rounds, IReadOnlyList<string> images) : IScenario
{
    public string Name => "pull";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (images.Count == 0) return;
        if (images.Count == 1) throw new ArgumentException($"--pull {images[0]}: give two images or more; the first one warms");
        await rounds.MeasureAsync(FigureNames.Pull, images.Count - 1, 1, (node, number) => Rounds.TimeAsync(async () =>
            await node.Client.Images.PullImageAsync(new PullImageRequest { Image = Spec(images[number]) }, cancellationToken: cancellationToken)), cancellationToken);
        foreach (var node in nodes)
        {
            foreach (string image in images) await node.Client.Images.RemoveImageAsync(new RemoveImageRequest { Image = Spec(image) }, cancellationToken: cancellationToken);
        }
    }

    private static ImageSpec Spec(string image) => new() { Image = image };
}
