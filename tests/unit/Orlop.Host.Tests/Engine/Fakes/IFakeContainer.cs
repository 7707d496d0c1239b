using Orlop.Abstractions.Execution;

namespace Orlop.Host.Tests.Engine.Fakes;

/// <summary>All that the engine asks of a container: one interface, so that a proxy can stand before it.</summary>
internal interface IFakeContainer : IContainer, IUpdateResources;
