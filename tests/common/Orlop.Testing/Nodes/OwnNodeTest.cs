using Xunit;

namespace Orlop.Testing.Nodes;

/// <summary>A class of tests each of which has a node of its own, and fails when orlopd logs an error that it did not expect.</summary>
public abstract class OwnNodeTest(NodeOptions options) : IAsyncLifetime
{
    private Node? _node;

    /// <summary>The node.</summary>
    protected Node Node => _node!;

    /// <inheritdoc/>
    public virtual async Task InitializeAsync() => _node = await Node.StartAsync(options);

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        try
        {
            Node.Log.Verify();
        }
        finally
        {
            await Node.DisposeAsync();
        }
    }
}
