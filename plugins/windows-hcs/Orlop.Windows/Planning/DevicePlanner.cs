using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Oci.Runtime;
using Orlop.Windows.Documents;

namespace Orlop.Windows.Planning;

/// <summary>Devices of the node that a process-isolated container gets.</summary>
internal static class DevicePlanner
{
    public static IReadOnlyList<DeviceDocument> Plan(IReadOnlyList<WindowsDevice> devices) => [.. devices.Select(Plan)];

    private static DeviceDocument Plan(WindowsDevice device) => device.IdType switch
    {
        "class" or "vpci-class-guid" when Guid.TryParse(device.Id, out _) => new DeviceDocument { InterfaceClassGuid = device.Id },
        "class" or "vpci-class-guid" => throw RuntimeException.InvalidArgument($"device \"{device.Id}\": not the GUID of a device interface class"),
        "vpci-location-path" when device.Id.Length > 0 => new DeviceDocument { Type = "DeviceInstance", LocationPath = device.Id },
        _ => throw RuntimeException.InvalidArgument($"device \"{device.Id}\": type \"{device.IdType}\" is not known; use class or vpci-location-path"),
    };
}
