using System.Text;
using Google.Protobuf;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Cri.V1;
using Orlop.Host.Engine.Model;
using ContainerState = Orlop.Host.Engine.Model.ContainerState;
using CriMount = Orlop.Cri.V1.Mount;
using MountPropagation = Orlop.Host.Engine.Model.MountPropagation;
using WireState = Orlop.Cri.V1.ContainerState;

namespace Orlop.Host.Cri.Mapping;

internal static class ContainerMapping
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ContainerRequest ToRequest(ContainerConfig? config)
    {
        var metadata = config?.Metadata ?? throw RuntimeException.InvalidArgument("CreateContainer: the request has no config with metadata");
        if (config.Image is not { Image.Length: > 0 }) throw RuntimeException.InvalidArgument($"container \"{metadata.Name}\": the config names no image");
        if (config.CDIDevices.Count > 0)
        {
            throw RuntimeException.InvalidArgument($"container \"{metadata.Name}\": the CDI device \"{config.CDIDevices[0].Name}\" cannot be given to it: this runtime does not support CDI yet");
        }

        return new ContainerRequest
        {
            Name = metadata.Name,
            Attempt = metadata.Attempt,
            Image = config.Image.Image,
            UserSpecifiedImage = config.Image.UserSpecifiedImage,
            Command = [.. config.Command],
            Args = [.. config.Args],
            WorkingDirectory = config.WorkingDir,
            Environment = [.. config.Envs.Select(e => ToVariable(e, metadata.Name))],
            Mounts = [.. config.Mounts.Select(ToMount)],
            Devices = [.. config.Devices.Select(d => new DeviceRequest(d.ContainerPath, d.HostPath, d.Permissions))],
            Labels = new Dictionary<string, string>(config.Labels, StringComparer.Ordinal),
            Annotations = new Dictionary<string, string>(config.Annotations, StringComparer.Ordinal),
            LogPath = config.LogPath,
            Stdin = config.Stdin,
            StdinOnce = config.StdinOnce,
            Terminal = config.Tty,
            StopSignal = SignalMapping.ToName(config.StopSignal),
            Resources = ResourceMapping.ToRequest(config.Linux?.Resources),
            Security = SecurityMapping.ToRequest(config.Linux?.SecurityContext),
        };
    }

    private static string ToVariable(KeyValue variable, string container) => variable.Key.Contains('=', StringComparison.Ordinal)
        ? throw RuntimeException.InvalidArgument($"container \"{container}\": the name of environment variable \"{variable.Key}\" holds '=', which ends a name")
        : $"{variable.Key}={Text(variable.Value, container, variable.Key)}";

    public static ContainerStatus ToStatus(ContainerEntry container)
    {
        var status = new ContainerStatus
        {
            Id = container.Id,
            Metadata = Metadata(container),
            State = ToState(container.State),
            CreatedAt = Times.Nanoseconds(container.CreatedAt),
            StartedAt = Times.Nanoseconds(container.StartedAt),
            FinishedAt = Times.Nanoseconds(container.Exit?.At),
            ExitCode = container.Exit?.ExitCode ?? 0,
            Reason = container.Exit is { } exit ? Reason(exit.Reason) : "",
            Message = container.Exit?.Message ?? "",
            Image = Image(container),
            ImageRef = container.ImageReference,
            ImageId = container.ImageId,
            LogPath = container.LogPath,
            Resources = new Orlop.Cri.V1.ContainerResources { Linux = ResourceMapping.ToWire(container.Resources) },
            StopSignal = SignalMapping.ToWire(container.StopSignal),
        };
        if (container.User is { } user)
        {
            status.User = new Orlop.Cri.V1.ContainerUser { Linux = new LinuxContainerUser { Uid = user.Uid, Gid = user.Gid, SupplementalGroups = { user.SupplementalGroups } } };
        }

        status.Labels.Put(container.Request.Labels);
        status.Annotations.Put(container.Request.Annotations);
        status.Mounts.AddRange(container.Request.Mounts.Select(m => ToWire(m, container.VolumeImages)));
        return status;
    }

    public static Container ToListItem(ContainerEntry container)
    {
        var item = new Container
        {
            Id = container.Id,
            PodSandboxId = container.SandboxId,
            Metadata = Metadata(container),
            Image = Image(container),
            ImageRef = container.ImageReference,
            ImageId = container.ImageId,
            State = ToState(container.State),
            CreatedAt = Times.Nanoseconds(container.CreatedAt),
        };
        item.Labels.Put(container.Request.Labels);
        item.Annotations.Put(container.Request.Annotations);
        return item;
    }

    public static WireState ToState(ContainerState state) => state switch
    {
        ContainerState.Running => WireState.ContainerRunning,
        ContainerState.Exited => WireState.ContainerExited,
        _ => WireState.ContainerCreated,
    };

    private static string Reason(ExitReason reason) => reason switch
    {
        ExitReason.Completed => "Completed",
        ExitReason.OutOfMemory => "OOMKilled",
        ExitReason.StartFailed => "StartError",
        ExitReason.Lost => "Unknown",
        ExitReason.SeccompKilled => "seccomp killed",
        _ => "Error",
    };

    private static ContainerMetadata Metadata(ContainerEntry container) => new() { Name = container.Request.Name, Attempt = container.Request.Attempt };

    private static ImageSpec Image(ContainerEntry container) => new()
    {
        Image = container.ImageName,
        UserSpecifiedImage = container.Request.UserSpecifiedImage,
    };

    private static MountRequest ToMount(CriMount mount) => new()
    {
        ContainerPath = mount.ContainerPath,
        HostPath = mount.HostPath,
        ReadOnly = mount.Readonly,
        RecursiveReadOnly = mount.RecursiveReadOnly,
        SelinuxRelabel = mount.SelinuxRelabel,
        Propagation = (MountPropagation)mount.Propagation,
        Options = [.. mount.MountOptions],
        Image = mount.Image?.Image ?? "",
        UserSpecifiedImage = mount.Image?.UserSpecifiedImage ?? "",
        ImageSubPath = mount.ImageSubPath,
    };

    private static CriMount ToWire(MountRequest mount, IReadOnlyDictionary<string, string> volumeImages) => new()
    {
        ContainerPath = mount.ContainerPath,
        HostPath = mount.HostPath,
        Readonly = mount.ReadOnly,
        RecursiveReadOnly = mount.RecursiveReadOnly,
        SelinuxRelabel = mount.SelinuxRelabel,
        Propagation = (Orlop.Cri.V1.MountPropagation)mount.Propagation,
        MountOptions = { mount.Options },
        Image = mount.Image.Length == 0 ? null : new ImageSpec
        {
            Image = mount.Image,
            UserSpecifiedImage = mount.UserSpecifiedImage,
            ImageRef = volumeImages.GetValueOrDefault(mount.Image, ""),
        },
        ImageSubPath = mount.ImageSubPath,
    };

    private static string Text(ByteString value, string container, string name)
    {
        try
        {
            return StrictUtf8.GetString(value.Span);
        }
        catch (DecoderFallbackException e)
        {
            throw new RuntimeException(ErrorKind.InvalidArgument, $"container \"{container}\": the value of environment variable \"{name}\" is not UTF-8; encode it, for example as base64", e);
        }
    }
}
