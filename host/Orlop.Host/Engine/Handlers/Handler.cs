using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Images;

namespace Orlop.Host.Engine.Handlers;

/// <summary>A runtime handler: what a RuntimeClass names, and what makes its pods.</summary>
internal sealed record Handler(string Name, IExecutionBackend Backend, ISnapshotter Snapshotter);
