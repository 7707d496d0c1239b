using System.Text.Json;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Lifecycle;
using Orlop.Cni.Configuration;
using Orlop.Cni.Execution;
using Orlop.Cni.Results;

namespace Orlop.Cni.Attachments;

/// <summary>Runs the plugins of an attachment's own configuration; CNI specification, section 3.</summary>
internal sealed class AttachmentChain(PluginCaller caller)
{
    /// <summary>ADD, in order; each plugin gets the result of the one before.</summary>
    /// <param name="attachment">The attachment.</param>
    /// <param name="progress">Called with each result before the next plugin runs.</param>
    /// <param name="phase">The running phase.</param>
    /// <param name="cancellationToken">Kills the plugin that runs.</param>
    /// <exception cref="RuntimeException">A plugin failed; those before it have run.</exception>
    public async Task<CniResult> AddAsync(Attachment attachment, Func<CniResult, Task> progress, IPhase phase, CancellationToken cancellationToken)
    {
        CniResult? result = null;
        foreach (PluginConfiguration plugin in Plugins(attachment))
        {
            PluginCall call = Call(CniCommand.Add, attachment, plugin, attachment.NetworkNamespace, result?.Json);
            ReadOnlyMemory<byte> output = await caller.CallAsync(call, phase, cancellationToken);
            try
            {
                result = CniResultReader.Read(output, attachment.CniVersion);
            }
            catch (InvalidResultException e)
            {
                throw new PluginException(
                    PluginFailure.BadOutput, 0, $"CNI ADD of {attachment.Subject}: plugin '{plugin.Type}' ended well, but {e.Message}.", e);
            }

            await progress(result);
        }

        return result!;
    }

    /// <summary>DEL, in reverse order, of every plugin whatever the others do (R8).</summary>
    /// <returns>The failures; empty when nothing is owed any more.</returns>
    public async Task<IReadOnlyList<PluginException>> DeleteAsync(Attachment attachment, string networkNamespace, IPhase phase, CancellationToken cancellationToken)
    {
        JsonElement? result = CniVersion.HasCheck(attachment.CniVersion) ? attachment.Result : null;
        var failures = new List<PluginException>();
        foreach (PluginConfiguration plugin in Plugins(attachment).Reverse())
        {
            try
            {
                await caller.CallAsync(Call(CniCommand.Del, attachment, plugin, networkNamespace, result), phase, cancellationToken);
            }
            catch (PluginException e) when (!e.IsUnknownContainer)
            {
                failures.Add(e);
            }
            catch (PluginException)
            {
                // Code 3: the plugin has nothing of this container, so nothing is left to release.
            }
        }

        return failures;
    }

    /// <summary>CHECK, in order; each plugin gets the result of the ADD.</summary>
    /// <exception cref="RuntimeException">A plugin found a difference, or could not look.</exception>
    public async Task CheckAsync(Attachment attachment, string networkNamespace, IPhase phase, CancellationToken cancellationToken)
    {
        if (!CniVersion.HasCheck(attachment.CniVersion) || Read(attachment).DisableCheck)
        {
            return;
        }

        foreach (PluginConfiguration plugin in Plugins(attachment))
        {
            await caller.CallAsync(Call(CniCommand.Check, attachment, plugin, networkNamespace, attachment.Result), phase, cancellationToken);
        }
    }

    private static IEnumerable<PluginConfiguration> Plugins(Attachment attachment) => Read(attachment).Plugins;

    // It could be read when it was stored, so it can be read now.
    private static NetworkConfiguration Read(Attachment attachment) => NetworkConfigurationReader.Read(attachment.Configuration, attachment.ConfigurationFile);

    private static PluginCall Call(CniCommand command, Attachment attachment, PluginConfiguration plugin, string networkNamespace, JsonElement? result) => new()
    {
        Command = command,
        Plugin = plugin.Type,
        Input = RequestConfiguration.ForAttachment(attachment.Network, attachment.CniVersion, plugin, attachment.CapabilityArguments, result),
        Subject = attachment.Subject,
        ContainerId = attachment.SandboxId,
        NetworkNamespace = networkNamespace,
        InterfaceName = attachment.InterfaceName,
        Arguments = attachment.Arguments,
    };
}
