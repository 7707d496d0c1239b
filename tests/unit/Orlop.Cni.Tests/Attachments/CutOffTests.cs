using Orlop.Cni.Tests.Support;

namespace Orlop.Cni.Tests.Attachments;

/// <summary>A daemon that is killed before or after any effect of an attachment's life, and again while it takes back what that left.</summary>
public sealed class CutOffTests : NodeTest
{
    private const int Endless = 1000; // more steps than a life has

    private readonly string _leases;
    private int _commits;

    public CutOffTests()
    {
        _leases = Directory.CreateDirectory(Path.Combine(Node.Root, "leases")).FullName;
        Node.WriteList("1.1.0", "alpha", "beta");
        foreach (string plugin in (string[])["alpha", "beta"])
        {
            Node.WritePlugin(
                plugin,
                add: Effect($"touch {_leases}/{plugin}.$CNI_CONTAINERID") + $"; echo '{Node.Result("10.1.0.5/24")}'",
                del: Effect($"rm -f {_leases}/{plugin}.$CNI_CONTAINERID"));
        }

        Node.Records.Committing = _ =>
        {
            if (IsDead || Plan == $"commit {++_commits}")
            {
                Die();
                throw new IOException("the daemon is dead");
            }
        };
    }

    private bool IsDead => File.Exists(Dead);

    private string Dead => Path.Combine(Node.Root, "dead");

    private string Plan
    {
        get => File.ReadAllText(Path.Combine(Node.Root, "plan"));
        set => File.WriteAllText(Path.Combine(Node.Root, "plan"), value);
    }

    [Theory]
    [InlineData("commit")] // before a record is written
    [InlineData("before")] // before a plugin's effect
    [InlineData("after")] // after a plugin's effect, of which the daemon never hears
    public async Task Whatever_was_cut_off_is_released_and_can_be_made_again(string kind)
    {
        for (int step = 1; step < Endless; step++)
        {
            string sandbox = NewSandbox();
            if (!await DiesAsync($"{kind} {step}", () => LiveAsync(sandbox)))
            {
                step.Should().BeGreaterThan(4, "each of two plugins has an effect twice");
                return;
            }

            await ReleasedAsync(sandbox, $"it died {kind} {step}");
        }
    }

    [Theory]
    [InlineData("commit", "commit")]
    [InlineData("after", "commit")]
    [InlineData("commit", "after")]
    [InlineData("after", "after")]
    public async Task What_is_cut_off_again_while_it_is_taken_back_is_taken_back_by_the_next_daemon(string first, string second)
    {
        for (int step = 1; step < Endless; step++)
        {
            for (int again = 1; again < Endless; again++)
            {
                string sandbox = NewSandbox();
                if (!await DiesAsync($"{first} {step}", () => LiveAsync(sandbox)))
                {
                    return;
                }

                if (!await DiesAsync($"{second} {again}", () => TakeBackAsync(sandbox)))
                {
                    break;
                }

                await ReleasedAsync(sandbox, $"it died {first} {step}, then {second} {again}");
            }
        }
    }

    private async Task LiveAsync(string sandbox)
    {
        await Node.StartAsync();
        await Node.AttachAsync(sandbox);
        await Node.DetachAsync(sandbox);
    }

    private async Task TakeBackAsync(string sandbox)
    {
        await Node.StartAsync();
        await Node.DetachAsync(sandbox);
    }

    private async Task ReleasedAsync(string sandbox, string when)
    {
        await TakeBackAsync(sandbox);
        NothingIsLeft(when);
        await Node.AttachAsync(sandbox);
        Directory.GetFiles(_leases).Should().HaveCount(2, when);
        await Node.DetachAsync(sandbox);
        NothingIsLeft(when);
    }

    private void NothingIsLeft(string when)
    {
        Directory.GetFiles(_leases).Should().BeEmpty(when);
        Node.Records.Keys.Should().BeEmpty(when);
    }

    /// <summary>Runs an operation of a daemon that dies where it is told to, if it comes there.</summary>
    private async Task<bool> DiesAsync(string plan, Func<Task> operation)
    {
        _commits = 0;
        File.WriteAllText(Path.Combine(Node.Root, "calls"), "");
        Plan = plan;
        try
        {
            await operation();
        }
        catch (Exception) when (IsDead)
        {
            // Whatever it would do about that fails too: it is dead.
        }

        await Node.StopAsync();
        bool died = IsDead;
        Plan = "";
        File.Delete(Dead);
        Node.Log.Lines.Clear(); // of errors that a dead daemon cannot log
        return died;
    }

    private void Die() => File.WriteAllText(Dead, "");

    // A restart kills plugins by the sandbox that they run for, on the whole machine: no other test may use the same one.
    private static string NewSandbox() => Guid.NewGuid().ToString("N");

    /// <summary>A plugin's step: it has no effect in a dead daemon's hands, and may be where it dies.</summary>
    private string Effect(string effect)
    {
        string count = $"$(grep -c -e ^ADD -e ^DEL {Node.Root}/calls)";
        return $"[ -e {Dead} ] && exit 1; [ \"$(cat {Node.Root}/plan)\" = \"before {count}\" ] && touch {Dead} && exit 1; {effect}; "
            + $"[ \"$(cat {Node.Root}/plan)\" = \"after {count}\" ] && touch {Dead} && exit 1; true";
    }
}
