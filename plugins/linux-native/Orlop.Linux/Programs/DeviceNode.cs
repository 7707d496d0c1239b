using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Linux.Mounting;

namespace Orlop.Linux.Programs;

/// <summary>A node to make in a container.</summary>
/// <param name="Path">Clean.</param>
/// <param name="Mode">Type and permissions; <see cref="FileMode"/>.</param>
/// <param name="Device"><see cref="FileMode.Device"/>.</param>
/// <param name="Uid">Its owner.</param>
/// <param name="Gid">Its group.</param>
internal sealed record DeviceNode(string Path, uint Mode, ulong Device, uint Uid = 0, uint Gid = 0)
{
    private const uint Everybody = 0x1b6; // 0666

    /// <summary>The nodes that every container has; OCI runtime-spec, config-linux.md, "Default Devices".</summary>
    public static IReadOnlyList<DeviceNode> Defaults { get; } =
    [
        Character("/dev/null", 1, 3), Character("/dev/zero", 1, 5), Character("/dev/full", 1, 7),
        Character("/dev/random", 1, 8), Character("/dev/urandom", 1, 9), Character("/dev/tty", 5, 0),
    ];

    /// <exception cref="RuntimeException">InvalidArgument: an unknown type, or numbers out of range.</exception>
    public static DeviceNode From(LinuxDevice device)
    {
        uint type = device.Type switch
        {
            "c" or "u" => FileMode.CharacterDevice,
            "b" => FileMode.BlockDevice,
            "p" => FileMode.Fifo,
            _ => throw RuntimeException.InvalidArgument($"device {device.Path}: type '{device.Type}' is none of c, b, u, p."),
        };
        if (device.Major is < 0 or > 0xFFF || device.Minor is < 0 or > 0xFFFFF)
            throw RuntimeException.InvalidArgument($"device {device.Path}: numbers {device.Major}:{device.Minor} are out of range.");
        ulong number = type == FileMode.Fifo ? 0 : FileMode.Device((uint)device.Major, (uint)device.Minor);
        return new DeviceNode(ContainerPath.Clean(device.Path), type | (device.FileMode ?? Everybody) & FileMode.PermissionMask, number, device.Uid ?? 0, device.Gid ?? 0);
    }

    private static DeviceNode Character(string path, uint major, uint minor) => new(path, FileMode.CharacterDevice | Everybody, FileMode.Device(major, minor));
}
