using System.Net;
using System.Text;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Images;
using Orlop.PluginContracts;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Pull;

public sealed class AuthenticationTests : PullTest
{
    private readonly StubRegistry _other = new();
    private readonly TestImage _image = TestImage.Of(TarBuilder.Layer(t => t.File("one", "1")));

    public override Task InitializeAsync()
    {
        Registry.Add("team/app", "1", _image);
        return base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _other.DisposeAsync();
        Log.Text.Should().NotContain("s3cret").And.NotContain(Convert.ToBase64String("user:s3cret"u8));
    }

    [Fact]
    public async Task A_name_and_a_password_are_sent_when_they_are_asked_for()
    {
        Challenge(c => c.Request.Headers["Authorization"] == "Basic " + Convert.ToBase64String("user:s3cret"u8), "Basic realm=\"here\"");
        await PullAsync(new RegistryCredentials { Username = "user", Password = "s3cret" });
        Registry.Requests.First().Should().Be("GET /v2/team/app/manifests/1");

        var error = await FailureOf(new RegistryCredentials { Username = "user", Password = "s3cret-wrong" });
        error.Kind.Should().Be(ErrorKind.Unauthenticated);
        error.Message.Should().EndWith("check credentials");
        (await FailureOf(null)).Kind.Should().Be(ErrorKind.Unauthenticated);
    }

    [Fact]
    public async Task A_token_is_fetched_once_for_a_pull()
    {
        string? account = null;
        var scopes = new List<string?>();
        ChallengeWithToken(c =>
        {
            account = c.Request.Headers["Authorization"];
            scopes.Add(c.Request.QueryString["scope"]);
            c.Request.QueryString["service"].Should().Be("the registry");
            return """{"token":"t0ken","expires_in":300}""";
        });

        await PullAsync(new RegistryCredentials { Username = "user", Password = "s3cret" });

        account.Should().Be("Basic " + Convert.ToBase64String("user:s3cret"u8));
        scopes.Should().Equal("repository:team/app:pull");
    }

    [Fact]
    public async Task A_token_server_that_does_not_answer_is_unavailable()
    {
        await RestartAsync(limits: new Http.RegistryLimits { ResponseTimeout = TimeSpan.FromMilliseconds(300) });
        var end = new TaskCompletionSource();
        ChallengeWithToken(_ =>
        {
            end.Task.Wait();
            return "{}";
        });

        Func<Task> pull = () => PullAsync(null);

        (await pull.Should().ThrowAsync<RuntimeException>().WithMessage("*token server*did not answer*")).Which.Kind.Should().Be(ErrorKind.Unavailable);
        end.SetResult();
    }

    [Fact]
    public async Task A_public_image_needs_a_token_and_no_credentials()
    {
        ChallengeWithToken(c => c.Request.Headers["Authorization"] is null ? """{"access_token":"t0ken"}""" : throw new InvalidOperationException("credentials"));
        await PullAsync(null);
    }

    [Fact]
    public async Task An_identity_token_is_exchanged()
    {
        string form = "";
        ChallengeWithToken(c =>
        {
            c.Request.HttpMethod.Should().Be("POST");
            form = new StreamReader(c.Request.InputStream).ReadToEnd();
            return """{"access_token":"t0ken","expires_in":300}""";
        });
        await PullAsync(new RegistryCredentials { IdentityToken = "s3cret+refresh" });
        form.Should().Contain("grant_type=refresh_token").And.Contain("refresh_token=s3cret%2Brefresh").And.Contain("scope=repository%3Ateam%2Fapp%3Apull");
    }

    [Fact]
    public async Task ARegistry_token_is_sent_as_it_is()
    {
        Challenge(c => c.Request.Headers["Authorization"] == "Bearer s3cret-token", $"Bearer realm=\"http://{_other.Host}/token\"");
        await PullAsync(new RegistryCredentials { RegistryToken = "s3cret-token" });
        _other.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_token_that_expires_during_a_pull_is_renewed()
    {
        int given = 0;
        string current = "";
        _other.Intercept = async c =>
        {
            current = $"t{++given}";
            return await StubRegistry.AnswerAsync(c, 200, $$"""{"token":"{{current}}","expires_in":300}""");
        };
        Challenge(
            c =>
            {
                bool accepted = c.Request.Headers["Authorization"] == $"Bearer {current}";
                if (accepted && c.Request.RawUrl!.Contains("/manifests/", StringComparison.Ordinal))
                    current = "revoked";
                return accepted;
            },
            $"Bearer realm=\"http://{_other.Host}/token\",service=\"s\"");
        await PullAsync(null);
        given.Should().Be(2);
    }

    [Fact]
    public async Task A_refusal_of_the_token_server_says_what_it_said()
    {
        Challenge(_ => false, $"Bearer realm=\"http://{_other.Host}/token\"");
        _other.Intercept = c => StubRegistry.AnswerAsync(c, 401, """{"details":"incorrect username or password"}""");
        var error = await FailureOf(new RegistryCredentials { Username = "user", Password = "s3cret" });
        error.Message.Should().Contain($"token server {_other.Host} answered 401: incorrect username or password; check credentials");
    }

    [Fact]
    public async Task A_redirect_to_another_host_carries_no_credentials()
    {
        var seen = new List<(string? Authorization, string? Range)>();
        _other.Intercept = c =>
        {
            seen.Add((c.Request.Headers["Authorization"], c.Request.Headers["Range"]));
            return Task.FromResult(false);
        };
        _other.Add("team/app", "1", _image);
        Challenge(c => c.Request.Headers["Authorization"] is not null, "Basic realm=\"x\"", async c =>
        {
            if (!c.Request.RawUrl!.Contains("/blobs/", StringComparison.Ordinal))
                return false;
            return await StubRegistry.AnswerAsync(c, 307, "", r => r.RedirectLocation = $"http://{_other.Host}{c.Request.RawUrl}?X-Signature=s3cret");
        });

        await PullAsync(new RegistryCredentials { Username = "user", Password = "s3cret" });

        seen.Should().HaveCount(2).And.OnlyContain(s => s.Authorization == null);
    }

    [Fact]
    public async Task The_signature_of_a_redirect_is_not_shown_in_errors()
    {
        Registry.Intercept = async c =>
        {
            if (!c.Request.RawUrl!.Contains("/blobs/", StringComparison.Ordinal))
                return false;
            return await StubRegistry.AnswerAsync(c, 307, "", r => r.RedirectLocation = "http://127.0.0.1:1/x?X-Signature=s3cret");
        };
        (await FailureOf(null)).ToString().Should().NotContain("s3cret");
    }

    [Fact]
    public async Task A_redirect_in_a_circle_ends()
    {
        Registry.Intercept = c => StubRegistry.AnswerAsync(c, 302, "", r => r.RedirectLocation = c.Request.RawUrl);
        var error = await FailureOf(null);
        error.Kind.Should().Be(ErrorKind.Unavailable);
        error.Message.Should().StartWith("RegistryUnavailable: ").And.Contain("redirects too often");
        Registry.Requests.Should().HaveCount(11);
    }

    [Fact]
    public async Task Credentials_that_name_anotherRegistry_are_not_sent()
    {
        Challenge(c => c.Request.Headers["Authorization"] is not null, "Basic realm=\"x\"");
        (await FailureOf(new RegistryCredentials { Username = "user", Password = "s3cret", ServerAddress = "https://elsewhere.example" })).Kind.Should().Be(ErrorKind.Unauthenticated);
        Registry.Count("manifests").Should().Be(1);
        await PullAsync(new RegistryCredentials { Username = "user", Password = "s3cret", ServerAddress = Registry.Host });
    }

    [Fact]
    public async Task Two_pulls_with_different_credentials_are_checked_each()
    {
        Challenge(c => c.Request.Headers["Authorization"] == "Basic " + Convert.ToBase64String("user:s3cret"u8), "Basic realm=\"x\"");
        var good = PullAsync(new RegistryCredentials { Username = "user", Password = "s3cret" });
        var bad = FailureOf(new RegistryCredentials { Username = "user", Password = "s3cret-not" });
        await good;
        (await bad).Kind.Should().Be(ErrorKind.Unauthenticated);
    }

    private void Challenge(Func<HttpListenerContext, bool> accept, string challenge, Func<HttpListenerContext, Task<bool>>? next = null) => Registry.Intercept = async c =>
    {
        if (accept(c))
            return next is not null && await next(c);
        return await StubRegistry.AnswerAsync(c, 401, """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}""", r => r.AddHeader("WWW-Authenticate", challenge));
    };

    private void ChallengeWithToken(Func<HttpListenerContext, string> answer)
    {
        Challenge(c => c.Request.Headers["Authorization"] == "Bearer t0ken", $"Bearer realm=\"http://{_other.Host}/token\",service=\"the registry\",scope=\"repository:team/app:pull\"");
        _other.Intercept = c => StubRegistry.AnswerAsync(c, 200, answer(c));
    }

    private Task<Image> PullAsync(RegistryCredentials? credentials) => Plugin.PullAsync(Name("team/app:1"), credentials);

    private async Task<RuntimeException> FailureOf(RegistryCredentials? credentials) =>
        (await FluentActions.Awaiting(() => PullAsync(credentials)).Should().ThrowAsync<RuntimeException>()).Which;
}
