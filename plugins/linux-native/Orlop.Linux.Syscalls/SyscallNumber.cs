namespace Orlop.Linux.Syscalls;

/// <summary>Numbers of system calls on x86_64 (<c>asm/unistd_64.h</c>), for syscall programs and for calls that the C library has no name for.</summary>
public static class SyscallNumber
{
    /// <summary><c>read</c>.</summary>
    public const int Read = 0;

    /// <summary><c>write</c>.</summary>
    public const int Write = 1;

    /// <summary><c>close</c>.</summary>
    public const int Close = 3;

    /// <summary><c>fstat</c>.</summary>
    public const int Fstat = 5;

    /// <summary><c>lseek</c>.</summary>
    public const int Lseek = 8;

    /// <summary><c>mmap</c>.</summary>
    public const int Mmap = 9;

    /// <summary><c>munmap</c>.</summary>
    public const int Munmap = 11;

    /// <summary><c>rt_sigaction</c>.</summary>
    public const int RtSigAction = 13;

    /// <summary><c>rt_sigprocmask</c>.</summary>
    public const int RtSigProcMask = 14;

    /// <summary><c>ioctl</c>.</summary>
    public const int Ioctl = 16;

    /// <summary><c>pread64</c>.</summary>
    public const int PRead = 17;

    /// <summary><c>pwrite64</c>.</summary>
    public const int PWrite = 18;

    /// <summary><c>dup2</c>.</summary>
    public const int Dup2 = 33;

    /// <summary><c>pause</c>.</summary>
    public const int Pause = 34;

    /// <summary><c>getpid</c>.</summary>
    public const int GetPid = 39;

    /// <summary><c>socket</c>.</summary>
    public const int Socket = 41;

    /// <summary><c>connect</c>.</summary>
    public const int Connect = 42;

    /// <summary><c>sendto</c>.</summary>
    public const int SendTo = 44;

    /// <summary><c>clone</c>.</summary>
    public const int Clone = 56;

    /// <summary><c>fork</c>.</summary>
    public const int Fork = 57;

    /// <summary><c>execve</c>.</summary>
    public const int Execve = 59;

    /// <summary><c>exit</c>.</summary>
    public const int Exit = 60;

    /// <summary><c>wait4</c>.</summary>
    public const int Wait4 = 61;

    /// <summary><c>kill</c>.</summary>
    public const int Kill = 62;

    /// <summary><c>fcntl</c>.</summary>
    public const int Fcntl = 72;

    /// <summary><c>flock</c>.</summary>
    public const int Flock = 73;

    /// <summary><c>fsync</c>.</summary>
    public const int Fsync = 74;

    /// <summary><c>ftruncate</c>.</summary>
    public const int Ftruncate = 77;

    /// <summary><c>chdir</c>.</summary>
    public const int Chdir = 80;

    /// <summary><c>fchdir</c>.</summary>
    public const int Fchdir = 81;

    /// <summary><c>mkdir</c>.</summary>
    public const int Mkdir = 83;

    /// <summary><c>rmdir</c>.</summary>
    public const int Rmdir = 84;

    /// <summary><c>symlink</c>.</summary>
    public const int Symlink = 88;

    /// <summary><c>chmod</c>.</summary>
    public const int Chmod = 90;

    /// <summary><c>fchmod</c>.</summary>
    public const int Fchmod = 91;

    /// <summary><c>umask</c>.</summary>
    public const int Umask = 95;

    /// <summary><c>getuid</c>.</summary>
    public const int GetUid = 102;

    /// <summary><c>setpgid</c>.</summary>
    public const int SetPgid = 109;

    /// <summary><c>setsid</c>.</summary>
    public const int SetSid = 112;

    /// <summary><c>setgroups</c>.</summary>
    public const int SetGroups = 116;

    /// <summary><c>setresuid</c>.</summary>
    public const int SetResUid = 117;

    /// <summary><c>setresgid</c>.</summary>
    public const int SetResGid = 119;

    /// <summary><c>capget</c>.</summary>
    public const int CapGet = 125;

    /// <summary><c>capset</c>.</summary>
    public const int CapSet = 126;

    /// <summary><c>rt_sigtimedwait</c>.</summary>
    public const int RtSigTimedWait = 128;

    /// <summary><c>mknod</c>.</summary>
    public const int Mknod = 133;

    /// <summary><c>personality</c>.</summary>
    public const int Personality = 135;

    /// <summary><c>sched_setscheduler</c>.</summary>
    public const int SchedSetScheduler = 144;

    /// <summary><c>pivot_root</c>.</summary>
    public const int PivotRoot = 155;

    /// <summary><c>prctl</c>.</summary>
    public const int PrCtl = 157;

    /// <summary><c>setrlimit</c>.</summary>
    public const int SetRLimit = 160;

    /// <summary><c>chroot</c>.</summary>
    public const int Chroot = 161;

    /// <summary><c>mount</c>.</summary>
    public const int Mount = 165;

    /// <summary><c>umount2</c>.</summary>
    public const int Umount2 = 166;

    /// <summary><c>reboot</c>.</summary>
    public const int Reboot = 169;

    /// <summary><c>sethostname</c>.</summary>
    public const int SetHostname = 170;

    /// <summary><c>setdomainname</c>.</summary>
    public const int SetDomainName = 171;

    /// <summary><c>gettid</c>.</summary>
    public const int GetTid = 186;

    /// <summary><c>tkill</c>.</summary>
    public const int Tkill = 200;

    /// <summary><c>sched_setaffinity</c>.</summary>
    public const int SchedSetAffinity = 203;

    /// <summary><c>set_tid_address</c>.</summary>
    public const int SetTidAddress = 218;

    /// <summary><c>exit_group</c>.</summary>
    public const int ExitGroup = 231;

    /// <summary><c>set_mempolicy</c>.</summary>
    public const int SetMemPolicy = 238;

    /// <summary><c>waitid</c>.</summary>
    public const int WaitId = 247;

    /// <summary><c>add_key</c>.</summary>
    public const int AddKey = 248;

    /// <summary><c>request_key</c>.</summary>
    public const int RequestKey = 249;

    /// <summary><c>keyctl</c>.</summary>
    public const int Keyctl = 250;

    /// <summary><c>ioprio_set</c>.</summary>
    public const int IoprioSet = 251;

    /// <summary><c>openat</c>.</summary>
    public const int OpenAt = 257;

    /// <summary><c>mkdirat</c>.</summary>
    public const int MkdirAt = 258;

    /// <summary><c>mknodat</c>.</summary>
    public const int MknodAt = 259;

    /// <summary><c>fchownat</c>.</summary>
    public const int FchownAt = 260;

    /// <summary><c>unlinkat</c>.</summary>
    public const int UnlinkAt = 263;

    /// <summary><c>renameat</c>.</summary>
    public const int RenameAt = 264;

    /// <summary><c>linkat</c>.</summary>
    public const int LinkAt = 265;

    /// <summary><c>symlinkat</c>.</summary>
    public const int SymlinkAt = 266;

    /// <summary><c>readlinkat</c>.</summary>
    public const int ReadlinkAt = 267;

    /// <summary><c>fchmodat</c>.</summary>
    public const int FchmodAt = 268;

    /// <summary><c>faccessat</c>.</summary>
    public const int FaccessAt = 269;

    /// <summary><c>ppoll</c>.</summary>
    public const int Ppoll = 271;

    /// <summary><c>unshare</c>.</summary>
    public const int Unshare = 272;

    /// <summary><c>utimensat</c>.</summary>
    public const int UtimensAt = 280;

    /// <summary><c>dup3</c>.</summary>
    public const int Dup3 = 292;

    /// <summary><c>prlimit64</c>.</summary>
    public const int PrLimit = 302;

    /// <summary><c>setns</c>.</summary>
    public const int SetNs = 308;

    /// <summary><c>sched_setattr</c>.</summary>
    public const int SchedSetAttr = 314;

    /// <summary><c>renameat2</c>.</summary>
    public const int RenameAt2 = 316;

    /// <summary><c>seccomp</c>.</summary>
    public const int Seccomp = 317;

    /// <summary><c>getrandom</c>.</summary>
    public const int GetRandom = 318;

    /// <summary><c>memfd_create</c>.</summary>
    public const int MemFdCreate = 319;

    /// <summary><c>bpf</c>.</summary>
    public const int Bpf = 321;

    /// <summary><c>execveat</c>.</summary>
    public const int ExecveAt = 322;

    /// <summary><c>statx</c>.</summary>
    public const int Statx = 332;

    /// <summary><c>pidfd_send_signal</c>.</summary>
    public const int PidFdSendSignal = 424;

    /// <summary><c>open_tree</c>.</summary>
    public const int OpenTree = 428;

    /// <summary><c>move_mount</c>.</summary>
    public const int MoveMount = 429;

    /// <summary><c>fsopen</c>.</summary>
    public const int FsOpen = 430;

    /// <summary><c>fsconfig</c>.</summary>
    public const int FsConfig = 431;

    /// <summary><c>fsmount</c>.</summary>
    public const int FsMount = 432;

    /// <summary><c>fspick</c>.</summary>
    public const int FsPick = 433;

    /// <summary><c>pidfd_open</c>.</summary>
    public const int PidFdOpen = 434;

    /// <summary><c>clone3</c>.</summary>
    public const int Clone3 = 435;

    /// <summary><c>close_range</c>.</summary>
    public const int CloseRange = 436;

    /// <summary><c>openat2</c>.</summary>
    public const int OpenAt2 = 437;

    /// <summary><c>pidfd_getfd</c>.</summary>
    public const int PidFdGetFd = 438;

    /// <summary><c>faccessat2</c>.</summary>
    public const int FaccessAt2 = 439;

    /// <summary><c>mount_setattr</c>.</summary>
    public const int MountSetAttr = 442;

    /// <summary><c>landlock_restrict_self</c>.</summary>
    public const int LandlockRestrictSelf = 446;

    /// <summary><c>getdents64</c>.</summary>
    public const int GetDents64 = 217;
}
