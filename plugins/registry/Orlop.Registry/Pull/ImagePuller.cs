using Microsoft.Extensions.Logging;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.Abstractions.Lifecycle;
using Orlop.Abstractions.Oci.Images;
using Orlop.Layers.Digests;
using Orlop.Registry.Content;
using Orlop.Registry.Http;
using Orlop.Registry.Manifests;
using Orlop.Registry.References;
using Orlop.Registry.Store;

namespace Orlop.Registry.Pull;

/// <summary>The way of an image: resolve, ask for approval, fetch, unpack, commit.</summary>
internal sealed class ImagePuller(
    RegistryClientFactory clients, ImageResolver resolver, BlobFetcher fetcher, LayerUnpacker unpacker,
    ContentStore content, ImageStore images, PullLedger ledger, RegistryLimits limits, TimeProvider time, ILogger<ImagePuller> logger)
{
    /// <exception cref="RuntimeException">The message has no image's name in front yet; neither has a <see cref="RegistryException"/>.</exception>
    public async Task<Image> PullAsync(ImageReference reference, PullRequest request, IPhase phase, CancellationToken cancellationToken)
    {
        logger.PullBegun(reference.ToString());
        long started = time.GetTimestamp();
        var progress = new PullProgressCounter(request.Progress);
        using var client = clients.Create(reference, request.Credentials);

        var resolved = await InPhaseAsync(phase, "resolve", reference.Domain, () => resolver.ResolveAsync(client, reference, cancellationToken));
        if (request.Approve is { } approve)
            await InPhaseAsync(phase, "approve", "image policies", () => ApproveAsync(approve, reference, resolved, cancellationToken));

        await using var pull = await ledger.BeginAsync(reference.ToString(), resolved.Manifest.Digest, resolved.Blobs(), cancellationToken);
        try
        {
            var image = await FetchAsync(client, reference, resolved, request.Snapshotter, pull, progress, phase, cancellationToken);
            pull.Succeed();
            logger.PullDone(reference.ToString(), image.Id, progress.Received, image.Size, (long)time.GetElapsedTime(started).TotalMilliseconds);
            return image;
        }
        catch (RuntimeException e) when (e.Kind == ErrorKind.ResourceExhausted)
        {
            pull.Abandon(); // on a full disk, others need the place more than a later attempt
            throw;
        }
    }

    private async Task<Image> FetchAsync(
        RegistryClient client, ImageReference reference, ResolvedManifest resolved, ISnapshotter snapshotter, PullLedger.ActivePull pull,
        PullProgressCounter progress, IPhase phase, CancellationToken cancellationToken)
    {
        var configuration = await InPhaseAsync(phase, "configuration", reference.Domain, () => FetchConfigurationAsync(client, resolved, progress, cancellationToken));
        var record = Describe(reference, resolved, configuration);
        await pull.AddChainsAsync(record.Chains(), cancellationToken);
        progress.Expect(resolved.Document.Config!.Size + record.Layers.Sum(l => l.Size), record.Layers.Count);
        await FetchAndUnpackAsync(client, record, snapshotter, progress, phase, cancellationToken);
        return await InPhaseAsync(phase, "commit", "image record", () => images.CommitAsync(record, configuration, cancellationToken));
    }

    /// <summary>Unpacks an image that is here, in another snapshotter or after some of its layers were lost; fetches what is not here any more.</summary>
    public async Task UnpackAsync(ImageRecord record, ISnapshotter snapshotter, IPhase phase, CancellationToken cancellationToken)
    {
        var chains = record.Chains();
        if (chains.Count == 0 || snapshotter.HasLayer(chains[^1]))
            return;
        var source = ImageReference.Parse(record.Digests[0]);
        using var client = clients.Create(source, credentials: null);
        await using var pull = await ledger.BeginAsync(source.ToString(), Digest.Parse(record.Manifest), [.. record.Blobs()], cancellationToken);
        await pull.AddChainsAsync(chains, cancellationToken);
        await FetchAndUnpackAsync(client, record, snapshotter, new PullProgressCounter(null), phase, cancellationToken);
        pull.Succeed();
    }

    private static async Task ApproveAsync(
        Func<ResolvedImage, CancellationToken, Task> approve, ImageReference reference, ResolvedManifest resolved, CancellationToken cancellationToken)
    {
        await approve(new ResolvedImage(reference.ToString(), resolved.Top.ToString(), resolved.Manifest.Bytes), cancellationToken);
    }

    private async Task<ImageConfiguration> FetchConfigurationAsync(
        RegistryClient client, ResolvedManifest resolved, PullProgressCounter progress, CancellationToken cancellationToken)
    {
        var config = resolved.Document.Config!;
        if (config.Size > limits.ConfigurationSize)
            throw new RegistryException(ErrorKind.InvalidArgument, $"the image's configuration claims {config.Size} bytes; {limits.ConfigurationSize} are allowed");
        foreach (var document in resolved.Indexes.Append(resolved.Manifest))
            await content.WriteAllAsync(document.Digest.ToString(), document.Bytes, cancellationToken);
        var configuration = await ReadConfigurationAsync(client, config, progress, cancellationToken);

        var diffIds = configuration.Rootfs?.DiffIds ?? [];
        if (diffIds.Count != resolved.Document.Layers!.Count)
            throw new RegistryException(ErrorKind.InvalidArgument, $"the manifest names {resolved.Document.Layers.Count} layers, but the configuration {diffIds.Count}");
        if (diffIds.FirstOrDefault(d => !Digest.TryParse(d, out _)) is { } broken)
            throw new RegistryException(ErrorKind.InvalidArgument, $"the configuration names a layer \"{broken}\", which is no digest");
        return configuration;
    }

    private async Task<ImageConfiguration> ReadConfigurationAsync(
        RegistryClient client, Descriptor config, PullProgressCounter progress, CancellationToken cancellationToken)
    {
        await fetcher.FetchAsync(client, Digest.Parse(config.Digest), config.Size, progress, cancellationToken);
        try
        {
            return await images.ReadConfigurationAsync(config.Digest, cancellationToken);
        }
        catch (RuntimeException e) when (e.Kind == ErrorKind.DataLoss)
        {
            logger.BlobDamaged(config.Digest, e.Message);
            await fetcher.FetchAsync(client, Digest.Parse(config.Digest), config.Size, progress, cancellationToken);
            return await images.ReadConfigurationAsync(config.Digest, cancellationToken);
        }
    }

    private ImageRecord Describe(ImageReference reference, ResolvedManifest resolved, ImageConfiguration configuration)
    {
        var layers = resolved.Document.Layers!.Select((l, i) => new LayerReference(l.Digest, l.Size, configuration.Rootfs!.DiffIds[i], l.MediaType)).ToList();
        return new ImageRecord
        {
            Id = resolved.Document.Config!.Digest,
            Tags = reference.Tag is null ? [] : [reference.ToString()],
            Digests = [.. resolved.Indexes.Append(resolved.Manifest).Select(m => reference.WithDigest(m.Digest).ToString()).Distinct(StringComparer.Ordinal)],
            Manifest = resolved.Manifest.Digest.ToString(),
            Indexes = [.. resolved.Indexes.Select(i => i.Digest.ToString())],
            Layers = layers,
            Size = layers.Sum(l => l.Size) + resolved.Document.Config.Size + resolved.Manifest.Bytes.Length,
            PulledAt = time.GetUtcNow(),
        };
    }

    // All layers are fetched at once, as far as there are slots; each is unpacked as soon as it and those below it are here.
    private async Task FetchAndUnpackAsync(
        RegistryClient client, ImageRecord record, ISnapshotter snapshotter, PullProgressCounter progress, IPhase phase, CancellationToken cancellationToken)
    {
        var chains = record.Chains();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var layers = phase.Begin("layers");
        var fetches = new List<Task>(chains.Count);
        for (int i = 0; i < chains.Count; i++)
        {
            var layer = record.Layers[i];
            fetches.Add(snapshotter.HasLayer(chains[i])
                ? Task.CompletedTask
                : FetchAsync(client, layer, progress, layers, stop.Token));
        }

        try
        {
            for (int i = 0; i < chains.Count; i++)
            {
                layers.Note($"layer {i + 1} of {chains.Count}: {record.Layers[i].Digest}");

                // The first failure of any layer ends the wait for this one.
                var fetch = fetches[i];
                while (!fetch.IsCompleted)
                    await await Task.WhenAny(fetches.Where(f => f == fetch || !f.IsCompletedSuccessfully));
                await fetch;
                progress.Fetched(record.Layers[i].Digest, record.Layers[i].Size);
                await UnpackAsync(client, snapshotter, record.Layers[i], chains[i], i == 0 ? null : chains[i - 1], progress, layers, stop.Token);
                progress.LayerUnpacked();
            }
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            await Task.WhenAll(fetches).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the first failure is thrown already
        }
    }

    private async Task UnpackAsync(
        RegistryClient client, ISnapshotter snapshotter, LayerReference layer, string chainId, string? parentChainId, PullProgressCounter progress, IPhase parent, CancellationToken cancellationToken)
    {
        using var phase = parent.Begin("unpack");
        phase.Note(layer.Digest);
        try
        {
            await unpacker.UnpackAsync(snapshotter, layer, chainId, parentChainId, cancellationToken);
        }
        catch (DamagedBlobException e)
        {
            logger.BlobDamaged(layer.Digest, e.InnerException!.Message);
            await FetchAsync(client, layer, progress, phase, cancellationToken);
            await unpacker.UnpackAsync(snapshotter, layer, chainId, parentChainId, cancellationToken);
        }
    }

    private Task FetchAsync(RegistryClient client, LayerReference layer, PullProgressCounter progress, IPhase parent, CancellationToken cancellationToken) =>
        InPhaseAsync(parent, "fetch", layer.Digest, () => fetcher.FetchAsync(client, Digest.Parse(layer.Digest), layer.Size, progress, cancellationToken));

    private static async Task InPhaseAsync(IPhase parent, string name, string note, Func<Task> work)
    {
        using var phase = parent.Begin(name);
        phase.Note(note);
        await work();
    }

    private static async Task<T> InPhaseAsync<T>(IPhase parent, string name, string note, Func<Task<T>> work)
    {
        using var phase = parent.Begin(name);
        phase.Note(note);
        return await work();
    }
}
