namespace Orlop.Abstractions.Execution;

/// <summary>Who a process is to be, before names are looked up in the image's passwd and group files.</summary>
public sealed record UserRequest
{
    /// <summary>CRI <c>run_as_user</c>.</summary>
    public long? Uid { get; init; }

    /// <summary>CRI <c>run_as_group</c>.</summary>
    public long? Gid { get; init; }

    /// <summary>CRI <c>run_as_username</c>.</summary>
    public string? Username { get; init; }

    /// <summary><c>User</c> of the image's configuration: <c>name</c>, <c>uid</c>, <c>name:group</c> or <c>uid:gid</c>; used when nothing else names a user.</summary>
    public string ImageUser { get; init; } = "";

    /// <summary>CRI <c>supplemental_groups</c>.</summary>
    public IReadOnlyList<long> SupplementalGroups { get; init; } = [];

    /// <summary>CRI <c>SupplementalGroupsPolicy.Strict</c>: the groups of the image's group file do not count.</summary>
    public bool StrictGroups { get; init; }
}
