using Orlop.Abstractions.Errors;
using Orlop.Registry.Http;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Pull;

/// <summary>Registries that refuse, are busy, break off or are not there.</summary>
public sealed class BrokenRegistryTests : PullTest
{
    [Fact]
    public async Task A_registry_that_is_busy_is_asked_again_when_it_says()
    {
        Registry.Add("app", "1", Image());
        int answers = 0;
        Registry.Intercept = async c =>
        {
            if (!c.Request.RawUrl!.Contains("/manifests/", StringComparison.Ordinal) || answers >= 3)
                return false;
            answers++;
            return await StubRegistry.AnswerAsync(c, answers == 1 ? 429 : 503, "", r => r.AddHeader("Retry-After", "0"));
        };

        await Plugin.PullAsync(Name("app:1"));

        answers.Should().Be(3);
    }

    [Fact]
    public async Task Errors_say_what_the_registry_said()
    {
        Registry.Intercept = c => StubRegistry.AnswerAsync(c, 403, """{"errors":[{"code":"DENIED","message":"requested access to the resource is denied\u0007"}]}""");
        var error = await FailureOf(Name("private:1"));
        error.Kind.Should().Be(ErrorKind.PermissionDenied);
        error.Message.Should().Be($"pull \"{Name("private:1")}\": registry {Registry.Host} answered 403 for manifest 1: DENIED: requested access to the resource is denied ; check credentials");
    }

    [Theory]
    [InlineData(500)]
    [InlineData(429)]
    public async Task A_registry_that_stays_broken_is_unavailable(int status)
    {
        Registry.Intercept = c => StubRegistry.AnswerAsync(c, status);
        var error = await FailureOf(Name("app:1"));
        error.Kind.Should().Be(ErrorKind.Unavailable);
        error.Message.Should().StartWith($"RegistryUnavailable: pull \"{Name("app:1")}\": ");
    }

    [Fact]
    public async Task A_registry_that_is_not_there_is_unavailable_at_once()
    {
        string name = $"127.0.0.1:{Registry.Port}/app:1";
        await Registry.DisposeAsync();
        var error = await FailureOf(name);
        error.Message.Should().StartWith("RegistryUnavailable: ").And.Contain("cannot reach");
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    public async Task A_registry_that_stops_in_the_middle_of_an_answer_is_unavailable(int status)
    {
        await RestartAsync(limits: new RegistryLimits { ResponseTimeout = TimeSpan.FromMilliseconds(300) });
        var end = new TaskCompletionSource();
        Registry.Intercept = async c =>
        {
            c.Response.StatusCode = status;
            c.Response.ContentLength64 = 1000;
            if (c.Request.HttpMethod == "GET")
            {
                await c.Response.OutputStream.WriteAsync("{"u8.ToArray());
                await c.Response.OutputStream.FlushAsync();
                await end.Task;
            }

            c.Response.Abort();
            return true;
        };

        var error = await FailureOf(Name("app:1"));

        end.SetResult();
        error.Kind.Should().Be(ErrorKind.Unavailable);
        error.Message.Should().Contain("did not answer within 0.3 s");
    }
}
