using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Orlop.Cri.V1;

namespace Orlop.Cli.Tests.Fakes;

/// <summary>What the fake runtime knows and was asked for. Containers do what their script says and write real log files.</summary>
internal sealed class FakeNode
{
    public Lock Gate { get; } = new();

    public List<PodSandboxStatus> Pods { get; } = [];

    public Dictionary<string, string> PodInfo { get; } = new(StringComparer.Ordinal);

    public List<(string PodId, ContainerStatus Status)> Containers { get; } = [];

    public Dictionary<string, string> ContainerInfo { get; } = new(StringComparer.Ordinal);

    public List<Image> Images { get; } = [];

    /// <summary>What PullImage finds in registries.</summary>
    public List<Image> Remote { get; } = [];

    public StatusResponse Status { get; } = new() { Status = new RuntimeStatus() };

    /// <summary>Answers of ListContainerStats, one after the other.</summary>
    public Queue<List<ContainerStats>> Stats { get; } = new();

    public Func<ExecSyncRequest, ExecSyncResponse> Exec { get; set; } = _ => new ExecSyncResponse();

    /// <summary>What a container of this name does when it is started; others run until they are stopped.</summary>
    public Dictionary<string, FakeScript> Scripts { get; } = new(StringComparer.Ordinal);

    /// <summary>All requests that change something, in their order.</summary>
    public List<IMessage> Requests { get; } = [];

    /// <summary>The containers whose status was asked for.</summary>
    public HashSet<string> Watched { get; } = new(StringComparer.Ordinal);

    public IEnumerable<T> Asked<T>() where T : IMessage => Requests.OfType<T>();

    public static string IdOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
