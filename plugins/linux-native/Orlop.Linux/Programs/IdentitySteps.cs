using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Orlop.Linux.Protocol;
using Orlop.Linux.Syscalls;

namespace Orlop.Linux.Programs;

/// <summary>Makes the child who it is to be. Nothing that needs privileges can follow.</summary>
internal sealed class IdentitySteps(SyscallProgramBuilder program, IdentityPlan plan)
{
    // linux/prctl.h, linux/securebits.h
    private const int KeepCaps = 8, CapBsetDrop = 24, NoNewPrivs = 38, CapAmbient = 47, AmbientRaise = 2, AmbientClearAll = 4;

    /// <summary>What is written through the node's proc, before the root changes.</summary>
    public void Prepare()
    {
        bool first = true;
        foreach (int value in plan.OomScoreAdjust)
        {
            // Without CAP_SYS_RESOURCE the kernel refuses to go below what we have ourselves.
            WriteFile("/proc/self/oom_score_adj", value.ToString(CultureInfo.InvariantCulture), first ? 0 : Errno.EACCES);
            first = false;
        }
        if (plan.SecurityLabel is { } label) WriteFile(plan.SecurityLabelFile, label, ignoredErrno: 0);
        const int JoinSessionKeyring = 1; // keyrings(7): ours is not the container's business
        program.Call("new session keyring", SyscallNumber.Keyctl, [JoinSessionKeyring, Operand.Null], ignoredErrno: Errno.ENOSYS);
        foreach ((int resource, ulong soft, ulong hard) in plan.Limits)
            program.Call($"resource limit {resource} to {soft}:{hard}", SyscallNumber.PrLimit, [0, resource, program.Bytes(MemoryMarshal.AsBytes<ulong>([soft, hard])), Operand.Null]);
    }

    /// <summary>Drops privileges; the last steps before execve(2).</summary>
    public void Drop()
    {
        program.Call("umask", SyscallNumber.Umask, [plan.Umask]);
        if (!plan.NoNewPrivileges) LoadSeccomp(); // needs CAP_SYS_ADMIN then; else it comes last
        for (int capability = 0; capability <= plan.LastCapability; capability++)
            if ((plan.Bounding >> capability & 1) == 0)
                program.Call($"drop capability {capability} from the bounding set", SyscallNumber.PrCtl, [CapBsetDrop, capability]);
        program.Call("keep capabilities over setuid", SyscallNumber.PrCtl, [KeepCaps, 1]);
        program.Call("setgroups", SyscallNumber.SetGroups, [plan.Groups.Count, program.Bytes(MemoryMarshal.AsBytes<uint>([.. plan.Groups]))]);
        program.Call($"setresgid {plan.Gid}", SyscallNumber.SetResGid, [plan.Gid, plan.Gid, plan.Gid]);
        program.Call($"setresuid {plan.Uid}", SyscallNumber.SetResUid, [plan.Uid, plan.Uid, plan.Uid]);
        program.Call("do not keep capabilities", SyscallNumber.PrCtl, [KeepCaps, 0]);
        SetCapabilities();
        if (!plan.NoNewPrivileges) return;
        program.Call("no_new_privs", SyscallNumber.PrCtl, [NoNewPrivs, 1, 0, 0, 0]);
        LoadSeccomp();
    }

    private void SetCapabilities()
    {
        const uint Version3 = 0x2008_0522;
        Operand header = program.Bytes(MemoryMarshal.AsBytes<uint>([Version3, 0]));
        Operand data = program.Bytes(MemoryMarshal.AsBytes<uint>(
        [
            (uint)plan.Effective, (uint)plan.Permitted, (uint)plan.Inheritable,
            (uint)(plan.Effective >> 32), (uint)(plan.Permitted >> 32), (uint)(plan.Inheritable >> 32),
        ]));
        program.Call("capset", SyscallNumber.CapSet, [header, data]);
        program.Call("clear ambient capabilities", SyscallNumber.PrCtl, [CapAmbient, AmbientClearAll, 0, 0, 0]);
        for (int capability = 0; capability <= plan.LastCapability; capability++)
            if ((plan.Ambient >> capability & 1) != 0)
                program.Call($"raise ambient capability {capability}", SyscallNumber.PrCtl, [CapAmbient, AmbientRaise, capability, 0, 0]);
    }

    private void LoadSeccomp()
    {
        const int SetModeFilter = 1;
        if (plan.Seccomp is { } filter)
            program.Call("load the seccomp filter", SyscallNumber.Seccomp, [SetModeFilter, filter.Flags, program.SocketFilter(filter.Program)]);
    }

    private void WriteFile(string path, string value, int ignoredErrno)
    {
        int file = program.Temporary();
        program.Call($"open \"{path}\"", SyscallNumber.OpenAt, [(int)-100, program.Text(path), (int)(OpenFlags.WriteOnly | OpenFlags.CloseOnExec)], file);
        program.Call($"write {value} to \"{path}\"", SyscallNumber.Write, [Operand.Slot(file), program.Text(value), Encoding.UTF8.GetByteCount(value)], ignoredErrno: ignoredErrno);
    }
}
