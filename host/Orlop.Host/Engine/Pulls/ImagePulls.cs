using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Orlop.Abstractions.Images;
using Orlop.Host.Engine.Operations;
using Orlop.Host.Engine.Pods;

namespace Orlop.Host.Engine.Pulls;

/// <summary>Pulls and removals of images: two that ask for the same are one, and it goes on when a client goes away.</summary>
internal sealed class ImagePulls(EngineParts parts, OperationTable operations)
{
    /// <summary>The kubelet sets no deadline for a pull; the plugin's own watch over its progress ends a dead one.</summary>
    private static readonly Deadlines Endless = new(Caller: TimeSpan.FromHours(12), Work: TimeSpan.FromHours(12));

    private readonly ConcurrentDictionary<string, PullProgress> _progress = new(StringComparer.Ordinal); // by reference as asked for

    /// <summary>How far the pull of a reference is; null when none runs.</summary>
    public PullProgress? ProgressOf(string reference) => _progress.GetValueOrDefault(reference);

    public async Task<Image> PullAsync(string reference, RegistryCredentials? credentials, string? podNamespace, string handler, CancellationToken cancellationToken)
    {
        parts.Required.Demand($"pull \"{reference}\"");

        // A pull with other credentials, or for a namespace that a policy may judge differently, is other work: it must not profit from the first one's.
        var snapshotter = parts.Handlers.SnapshotterOf(handler);
        string judged = parts.Policies.Count > 0 ? $" for namespace \"{podNamespace}\"" : "";
        string key = $"{reference} as {CredentialsKey(credentials)} into {snapshotter.Name}{judged}";
        return await operations.RunAsync(
            new OperationKey("PullImage", key), "", Endless,
            async op =>
            {
                using var phase = op.Trace.Begin("pull");
                _progress[reference] = new PullProgress(0, 0, 0, 0);
                try
                {
                    return await parts.Images.PullAsync(
                        new PullRequest
                        {
                            Reference = reference,
                            Snapshotter = snapshotter,
                            Credentials = credentials,
                            PodNamespace = podNamespace,
                            Progress = new Reporter(p => _progress[reference] = p),
                            Approve = (image, token) => ApproveAsync(image, podNamespace, token),
                        },
                        phase,
                        op.Token);
                }
                finally
                {
                    _progress.TryRemove(reference, out _);
                }
            },
            cancellationToken);
    }

    /// <summary>Removes an image under all its names; no error when it is not here.</summary>
    public Task RemoveAsync(string reference, CancellationToken cancellationToken) => operations.RunAsync(
        new OperationKey("RemoveImage", reference), "", Runtime.OfCall,
        async op =>
        {
            using var phase = op.Trace.Begin("remove");
            await parts.Images.RemoveAsync(reference, op.Token);
            return true;
        },
        cancellationToken);

    private async Task ApproveAsync(ResolvedImage image, string? podNamespace, CancellationToken cancellationToken)
    {
        foreach (var policy in parts.Policies) await policy.ApproveAsync(image, podNamespace, cancellationToken);
    }

    /// <summary>Tells credentials apart in the log and in errors without showing them.</summary>
    private static string CredentialsKey(RegistryCredentials? credentials)
    {
        if (credentials is null) return "anonymous";
        string all = string.Join('\0', credentials.Username, credentials.Password, credentials.IdentityToken, credentials.RegistryToken, credentials.ServerAddress);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..8];
    }

    private sealed class Reporter(Action<PullProgress> report) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => report(value);
    }
}
