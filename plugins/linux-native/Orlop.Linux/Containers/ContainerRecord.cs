using System.Text.Json.Serialization;
using Orlop.Abstractions.Execution;
using Orlop.Linux.Users;

namespace Orlop.Linux.Containers;

/// <summary>What a container's file in the pod's state folder holds: it exists before anything else of the container does, and until nothing else does.</summary>
internal sealed record ContainerRecord
{
    public required string Id { get; init; }

    public required long Uid { get; init; }

    public required long Gid { get; init; }

    public required IReadOnlyList<long> Groups { get; init; }

    public required string Home { get; init; }

    /// <summary>Why it could not be started; null when it could, or was never started.</summary>
    public string? StartFailure { get; init; }

    /// <summary>When that was: nanoseconds since 1970-01-01 UTC.</summary>
    public long StartFailedAt { get; init; }

    [JsonIgnore]
    public ResolvedUser User => new(new ContainerUser(Uid, Gid, Groups), Home);

    public static ContainerRecord Of(string id, ResolvedUser user) =>
        new() { Id = id, Uid = user.User.Uid, Gid = user.User.Gid, Groups = user.User.SupplementalGroups, Home = user.Home };
}
