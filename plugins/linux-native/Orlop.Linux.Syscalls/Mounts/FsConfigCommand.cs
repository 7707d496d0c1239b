namespace Orlop.Linux.Syscalls;

/// <summary>Commands of fsconfig(2).</summary>
public enum FsConfigCommand : uint
{
    /// <summary>FSCONFIG_SET_FLAG.</summary>
    SetFlag = 0,

    /// <summary>FSCONFIG_SET_STRING.</summary>
    SetString = 1,

    /// <summary>FSCONFIG_SET_BINARY.</summary>
    SetBinary = 2,

    /// <summary>FSCONFIG_SET_PATH.</summary>
    SetPath = 3,

    /// <summary>FSCONFIG_SET_PATH_EMPTY.</summary>
    SetPathEmpty = 4,

    /// <summary>FSCONFIG_SET_FD.</summary>
    SetDescriptor = 5,

    /// <summary>FSCONFIG_CMD_CREATE.</summary>
    Create = 6,

    /// <summary>FSCONFIG_CMD_RECONFIGURE.</summary>
    Reconfigure = 7,
}
