using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Orlop.Abstractions.Execution;
using Orlop.Abstractions.Records;
using Orlop.Host.Tests.Engine.Fakes;

namespace Orlop.Host.Tests.Engine.Crashes;

/// <summary>Stands before a part that the engine works with and makes <see cref="Steps"/> of its calls. What the calls give is stepped too.</summary>
[SuppressMessage("Performance", "CA1852:Seal internal types", Justification = Inherited)]
[SuppressMessage("Design", "MA0053:Make class or record sealed", Justification = Inherited)]
internal class SteppedPart : DispatchProxy
{
    private const string Inherited = "The proxies are made by inheritance at run time.";

    /// <summary>By its contract this finds something out about every record.</summary>
    private const string NeverFails = nameof(IExecutionBackend.RecoverAsync);

    /// <summary>By their contracts these have done nothing when they fail.</summary>
    private static readonly string[] AllOrNothing = [nameof(IRecordStore.CommitAsync), nameof(IExecutionBackend.CreateSandboxAsync), nameof(ISandbox.CreateContainerAsync), nameof(IContainer.StartAsync), nameof(IUpdateResources.UpdateResourcesAsync)];

    private static readonly MethodInfo WithResult = typeof(SteppedPart).GetMethod(nameof(CallAsync), BindingFlags.NonPublic | BindingFlags.Instance)!;

    private object _part = null!;
    private Steps _steps = null!;

    public static T Of<T>(T part, Steps steps)
        where T : class
    {
        var stepped = Create<T, SteppedPart>();
        ((SteppedPart)(object)stepped)._part = part;
        ((SteppedPart)(object)stepped)._steps = steps;
        return stepped;
    }

    protected override object? Invoke(MethodInfo? method, object?[]? arguments)
    {
        object? Call() => method!.Invoke(_part, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);

        var result = method!.ReturnType;
        if (method.IsSpecialName) return Call(); // a property
        if (result == typeof(Task)) return StepAsync(method, arguments!, () => (Task)Call()!);
        if (result == typeof(ValueTask)) return new ValueTask(StepAsync(method, arguments!, () => ((ValueTask)Call()!).AsTask()));
        return result.IsGenericType && result.GetGenericTypeDefinition() == typeof(Task<>)
            ? WithResult.MakeGenericMethod(result.GetGenericArguments()).Invoke(this, [method, arguments, (Func<object?>)Call])
            : Call(); // only looks
    }

    private async Task<T> CallAsync<T>(MethodInfo method, object?[] arguments, Func<object?> call)
    {
        T result = default!;
        await StepAsync(method, arguments, async () => result = await (Task<T>)call()!);
        return (T)Stepped(result!);
    }

    private async Task StepAsync(MethodInfo method, object?[] arguments, Func<Task> call)
    {
        string what = arguments[0] is RecordChanges changes ? Describe(changes) : $"{method.DeclaringType!.Name}.{method.Name}";
        try
        {
            await _steps.PassAsync($"before {what}", mayFail: method.Name != NeverFails);
        }
        catch when (_part is FakeContainer container && method.Name == nameof(IContainer.StartAsync))
        {
            container.End(128, ExitReason.StartFailed); // by its contract
            throw;
        }

        arguments.OfType<CancellationToken>().Single().ThrowIfCancellationRequested();
        await call();
        await _steps.PassAsync($"after {what}", mayFail: method.Name != NeverFails && !AllOrNothing.Contains(method.Name));
    }

    private object Stepped(object result) => result switch
    {
        FakeSandbox sandbox => Of<ISandbox>(sandbox, _steps),
        FakeContainer container => Of<IFakeContainer>(container, _steps),
        IReadOnlyList<RecoveredSandbox> all => all.Select(found => found with
        {
            Sandbox = (ISandbox)Stepped(found.Sandbox),
            Containers = [.. found.Containers.Select(c => c with { Container = (IContainer)Stepped(c.Container) })],
        }).ToList(),
        _ => result,
    };

    private static string Describe(RecordChanges changes)
    {
        var (key, value) = changes.Changes.Single();
        return $"commit {(value is null ? "delete" : "put")} {key.Split('/')[0]}";
    }
}
