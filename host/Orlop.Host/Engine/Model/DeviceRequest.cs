namespace Orlop.Host.Engine.Model;

/// <summary>CRI <c>Device</c>: a device, or a folder of devices, of the node.</summary>
internal sealed record DeviceRequest(string ContainerPath, string HostPath, string Permissions);
