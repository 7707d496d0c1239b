using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Orlop.Abstractions.Images;
using Orlop.Host.Engine.Operations;
using Orlop.Host.Engine.Pods;

namespace Orlop.Host.Engine.Pulls;

/// <summary>Pulls of images. Two pulls of one image with the same credentials are one; it goes on when a client goes away.</summary>
internal sealed class ImagePulls(EngineParts parts, OperationTable operations)
{
    /// <summary>The kubelet sets no deadline for a pull; the plugin's own watch over its progress ends a dead one.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromHours(12);

    private readonly ConcurrentDictionary<string, PullProgress> _progress = new(StringComparer.Ordinal); // by reference as asked for

    /// <summary>How far the pull of a reference is; null when none runs.</summary>
    public PullProgress? ProgressOf(string reference) => _progress.GetValueOrDefault(reference);

    public async Task<Image> PullAsync(string reference, RegistryCredentials? credentials, string? podNamespace, string handler, CancellationToken cancellationToken)
    {
        parts.Required.Demand($"pull \"{reference}\"");

        // A pull with other credentials is other work: it must not profit from the first one's.
        string key = $"{reference} as {CredentialsKey(credentials)}";
        var snapshotter = parts.Handlers.SnapshotterOf(handler);
        return await operations.RunAsync(
            new OperationKey("PullImage", key), "", Deadline,
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
