using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;

namespace Orlop.Linux.Users;

/// <summary>Looks a <see cref="UserRequest"/> up in an image's passwd and group files.</summary>
internal static class UserResolver
{
    /// <param name="request">Who is asked for.</param>
    /// <param name="passwd">The content of <c>/etc/passwd</c>; empty when there is none.</param>
    /// <param name="group">The content of <c>/etc/group</c>; empty when there is none.</param>
    /// <exception cref="RuntimeException">InvalidArgument: the user or group does not exist, or an id is out of range.</exception>
    public static ResolvedUser Resolve(UserRequest request, string passwd, string group)
    {
        (string user, string? groupName) = Requested(request);
        PasswdEntry? entry = Find(user, PasswdEntry.Parse(passwd));
        long uid = entry?.Uid ?? UserId.Parse(user, "user");
        long gid = request.Gid is { } asked ? UserId.Check(asked, "run_as_group")
            : groupName is not null ? FindGroup(groupName, group)
            : entry?.Gid ?? 0;

        var groups = new SortedSet<long> { gid };
        foreach (long supplemental in request.SupplementalGroups) groups.Add(UserId.Check(supplemental, "supplemental group"));
        if (!request.StrictGroups && entry is not null)
            foreach (GroupEntry member in GroupEntry.Parse(group).Where(line => line.Members.Contains(entry.Name, StringComparer.Ordinal)))
                groups.Add(member.Gid);

        string home = entry is { Home.Length: > 0 } ? entry.Home : "/";
        return new ResolvedUser(new ContainerUser(uid, gid, [.. groups]), home);
    }

    /// <summary>The user and the group that the image names, when the request leaves them to it.</summary>
    private static (string User, string? Group) Requested(UserRequest request)
    {
        if (request.Uid is { } uid) return ($"{UserId.Check(uid, "run_as_user")}", null);
        if (!string.IsNullOrEmpty(request.Username)) return (request.Username, null);
        if (request.Gid is { } gid)
            throw RuntimeException.InvalidArgument($"run_as_group {gid} is set without run_as_user or run_as_username; set one of them.");
        string[] parts = request.ImageUser.Split(':', 2);
        return (parts[0].Length > 0 ? parts[0] : "0", parts.Length > 1 && parts[1].Length > 0 ? parts[1] : null);
    }

    /// <summary>The entry of a name or number; null for a number without an entry.</summary>
    private static PasswdEntry? Find(string user, IEnumerable<PasswdEntry> passwd)
    {
        if (UserId.IsNumeric(user))
        {
            long uid = UserId.Parse(user, "user");
            return passwd.FirstOrDefault(entry => entry.Uid == uid);
        }
        return passwd.FirstOrDefault(entry => entry.Name == user)
            ?? throw RuntimeException.InvalidArgument($"user '{user}' is not in /etc/passwd of the image. Use a numeric run_as_user or fix the image's USER.");
    }

    private static long FindGroup(string name, string group) => UserId.IsNumeric(name)
        ? UserId.Parse(name, "group")
        : GroupEntry.Parse(group).FirstOrDefault(entry => entry.Name == name)?.Gid
            ?? throw RuntimeException.InvalidArgument($"group '{name}' is not in /etc/group of the image. Use a numeric run_as_group or fix the image's USER.");
}
