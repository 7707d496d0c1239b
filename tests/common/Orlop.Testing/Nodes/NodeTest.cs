using Xunit;

namespace Orlop.Testing.Nodes;

/// <summary>A class of tests that share a node; each of them fails when orlopd logs an error that it did not expect.</summary>
public abstract class NodeTest(Node node) : IClassFixture<Node>, IAsyncLifetime
{
    /// <summary>The node.</summary>
    protected Node Node { get; } = node;

    /// <inheritdoc/>
    public Task InitializeAsync()
    {
        Node.Log.Mark();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task DisposeAsync()
    {
        Node.Log.Verify();
        return Task.CompletedTask;
    }
}
