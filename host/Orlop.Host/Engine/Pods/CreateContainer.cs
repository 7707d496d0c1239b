using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Host.Engine.Model;
using Orlop.Host.Engine.Operations;
using Orlop.Host.Engine.Specs;

namespace Orlop.Host.Engine.Pods;

/// <summary>CRI <c>CreateContainer</c>: image, record, root file system, spec, hooks, everything but the process.</summary>
internal sealed class CreateContainer(PodActor pod, ContainerRequest request, string fingerprint, EngineParts parts)
{
    public async Task<string> ExecuteAsync(OperationContext op)
    {
        parts.Traces.Add(pod.Id, op.Trace);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(op.Token, pod.Refusing);
        try
        {
            return await CreateAsync(op with { Token = either.Token });
        }
        catch (OperationCanceledException) when (pod.Refusing.IsCancellationRequested && !op.Token.IsCancellationRequested)
        {
            pod.RequireReady(); // says what is the matter
            throw;
        }
    }

    private async Task<string> CreateAsync(OperationContext op)
    {
        string id = Identifiers.New();
        var sandbox = pod.RequireReady();
        if (request.Security.Privileged && !pod.Entry.Spec.Privileged)
        {
            throw RuntimeException.InvalidArgument($"container \"{request.Name}\" is privileged and its pod sandbox {pod.Id} is not; set privileged in the sandbox's security context");
        }

        var handler = parts.Handlers.Resolve(pod.Entry.Handler);
        var image = FindImage();
        var volumeImages = ImageVolumes.Find(request, parts.Images);
        var undo = new UndoStack(op.Trace, parts.Logger, parts.Clock);
        var container = pod.AddContainer(id);
        await container.Turn.WaitAsync(CancellationToken.None); // free; a removal of the pod waits until it is made or taken back
        try
        {
            var entry = NewEntry(id, image, handler.Snapshotter.Name) with
            {
                VolumeImages = volumeImages.ToDictionary(v => v.Key, v => v.Value.Id, StringComparer.Ordinal),
            };
            undo.Push("record", (_, _) => pod.DeleteContainerAsync(id));
            await parts.Book.PutAsync(entry); // the parent exists before any child process (R6)

            var snapshot = await PrepareAsync(id, image, handler.Snapshotter, op, undo);
            var volumes = await ImageVolumes.PrepareAsync(id, request, volumeImages, handler.Snapshotter, parts, op, undo);
            var spec = new ContainerSpec
            {
                Id = id,
                SandboxId = pod.Id,
                Name = request.Name,
                Attempt = request.Attempt,
                Oci = parts.Specs.Build(request, id, image, pod.Entry.Spec, sandbox, TargetProcess()),
                Rootfs = snapshot.Mounts,
                ImageVolumes = volumes,
                User = User(image),
                Devices = Devices(),
                LogPath = entry.LogPath.Length > 0 ? entry.LogPath : null,
                Stdin = request.Stdin,
                StdinOnce = request.StdinOnce,
            };

            spec = await parts.Hooks.ContainerCreatingAsync(pod.Entry.Spec, spec, op);

            IContainer handle;
            using (var phase = op.Trace.Begin("container"))
            {
                handle = await sandbox.CreateContainerAsync(spec, phase, op.Token);
                undo.Push("container", handle.RemoveAsync);
            }

            container.Adopt(handle);
            await op.ClaimAsync();
            pod.RequireReady(); // it may have been stopped meanwhile (R28)
            await pod.ChangeAsync(id, e => e with { Spec = spec, User = handle.User, State = ContainerState.Created });
            pod.Publish(RuntimeEventKind.Created, id);
            PodLog.ContainerCreated(parts.Logger, id, request.Name, pod.Id);
            return id;
        }
        catch
        {
            await undo.RunAsync(); // what stays is released by the reconciler; a record that stays goes with the next try, or with the pod
            throw;
        }
        finally
        {
            container.Turn.Release();
        }
    }

    private Image FindImage() =>
        parts.Images.Find(request.Image)
        ?? throw RuntimeException.NotFound($"container \"{request.Name}\": image \"{request.Image}\" is not here; pull it first");

    private ContainerEntry NewEntry(string id, Image image, string snapshotter) => new()
    {
        Id = id,
        SandboxId = pod.Id,
        Request = request,
        Fingerprint = fingerprint,
        ImageName = IsIdOf(image) ? image.RepoTags.FirstOrDefault() ?? request.Image : request.Image,
        ImageId = image.Id,
        ImageReference = image.RepoDigests.FirstOrDefault(IsOfAskedRepository) ?? image.RepoDigests.FirstOrDefault() ?? image.Id,
        Snapshotter = snapshotter,
        LogPath = LogPath(),
        StopSignal = ProcessArguments.StopSignal(request, image.Configuration.Config),
        Resources = request.Resources,
        State = ContainerState.Creating,
        CreatedAt = parts.CreationClock.Next(),
    };

    /// <summary>Whether the image was asked for by its id, whole or shortened, with or without the algorithm's name.</summary>
    private bool IsIdOf(Image image) =>
        image.Id.StartsWith(request.Image, StringComparison.Ordinal)
        || image.Id[(image.Id.IndexOf(':', StringComparison.Ordinal) + 1)..].StartsWith(request.Image, StringComparison.Ordinal);

    /// <summary>An image may be here under the names of several repositories.</summary>
    private bool IsOfAskedRepository(string repoDigest)
    {
        string name = request.Image.Split('@', 2)[0];
        int tag = name.IndexOf(':', name.LastIndexOf('/') + 1);
        return repoDigest.StartsWith($"{(tag < 0 ? name : name[..tag])}@", StringComparison.Ordinal);
    }

    private IReadOnlyList<HostDevice> Devices()
    {
        foreach (var device in request.Devices)
        {
            if (device.HostPath.Length == 0 || device.ContainerPath.Length == 0)
            {
                throw RuntimeException.InvalidArgument($"container \"{request.Name}\": device \"{device.HostPath}\" at \"{device.ContainerPath}\" needs a host_path and a container_path");
            }

            if (device.Permissions.Length == 0 || device.Permissions.AsSpan().ContainsAnyExcept("rwm"))
            {
                throw RuntimeException.InvalidArgument($"container \"{request.Name}\": device \"{device.HostPath}\" has the permissions \"{device.Permissions}\"; use some of r, w and m");
            }
        }

        return request.Devices.GroupBy(d => d.ContainerPath, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } twice
            ? throw RuntimeException.InvalidArgument($"container \"{request.Name}\": two devices at {twice.Key}; each needs a path of its own")
            : [.. request.Devices.Select(d => new HostDevice(d.HostPath, d.ContainerPath, d.Permissions))];
    }

    private const int LongestName = 255; // NAME_MAX of Linux's file systems

    private string LogPath()
    {
        string folder = pod.Entry.LogDirectory;
        if (folder.Length == 0 || request.LogPath.Length == 0) return "";
        string path = Path.GetFullPath(Path.Join(folder, request.LogPath));
        if (Path.GetFileName(path) is { Length: 0 } or { Length: > LongestName })
        {
            throw RuntimeException.InvalidArgument($"container \"{request.Name}\": log path \"{request.LogPath}\" must end in the name of a file, of at most {LongestName} characters");
        }

        return path.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw RuntimeException.InvalidArgument($"container \"{request.Name}\": log path \"{request.LogPath}\" leaves the pod's log folder {folder}");
    }

    private async Task<Snapshot> PrepareAsync(string id, Image image, ISnapshotter snapshotter, OperationContext op, UndoStack undo)
    {
        using var phase = op.Trace.Begin("snapshot");
        if (image.ChainId is { } top && !snapshotter.HasLayer(top)) await parts.Images.UnpackAsync(image, snapshotter, phase, op.Token);

        undo.Push("snapshot", (_, token) => snapshotter.RemoveAsync(id, token));
        return await snapshotter.PrepareAsync(id, image.ChainId, readOnly: false, phase, op.Token);
    }

    private const int MostGroups = 65_536; // NGROUPS_MAX, setgroups(2)

    private UserRequest User(Image image)
    {
        var security = request.Security;
        if (security.RunAsGroup is not null && security.RunAsUser is null && security.RunAsUsername.Length == 0)
        {
            throw RuntimeException.InvalidArgument($"container \"{request.Name}\": run_as_group {security.RunAsGroup} needs run_as_user or run_as_username beside it");
        }

        if (security.SupplementalGroups.Count > MostGroups)
        {
            throw RuntimeException.InvalidArgument($"container \"{request.Name}\": {security.SupplementalGroups.Count} supplemental groups; the kernel takes {MostGroups}");
        }

        return new UserRequest
        {
            Uid = security.RunAsUser,
            Gid = security.RunAsGroup,
            Username = security.RunAsUsername.Length > 0 ? security.RunAsUsername : null,
            ImageUser = image.Configuration.Config?.User ?? "",
            SupplementalGroups = security.SupplementalGroups,
            StrictGroups = security.StrictGroups,
        };
    }

    private int? TargetProcess()
    {
        if (request.Security.Pid != NamespaceMode.Target) return null;
        string target = request.Security.TargetId;
        if (!pod.TryGetContainer(target, out var container)) throw RuntimeException.InvalidArgument($"container \"{request.Name}\": target container \"{target}\" is not in pod sandbox {pod.Id}");
        return container.Handle?.ProcessId
            ?? throw RuntimeException.FailedPrecondition($"container \"{request.Name}\": target container \"{target}\" does not run; start it first");
    }
}
