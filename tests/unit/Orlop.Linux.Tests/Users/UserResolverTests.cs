using CsCheck;
using Orlop.Abstractions.Errors;
using Orlop.Abstractions.Execution;
using Orlop.Linux.Users;

namespace Orlop.Linux.Tests.Users;

public sealed class UserResolverTests
{
    private const string Passwd = "root:x:0:0:root:/root:/bin/sh\n# comment\nbroken line\nweb:x:1000:1001:web:/home/web:/bin/sh\nnohome:x:7:7\nbad:x:99999999999:1:::\nneg:x:-1:1:::\n";
    private const string Group = "root:x:0:\nweb:x:1001:\nextra:x:2000:other,web\nbroken\nfloppy:x:19:web, root\n";

    [Theory]
    [InlineData("", 0, 0, "0,19", "/root")]
    [InlineData("0", 0, 0, "0,19", "/root")]
    [InlineData("web", 1000, 1001, "19,1001,2000", "/home/web")]
    [InlineData("1000", 1000, 1001, "19,1001,2000", "/home/web")]
    [InlineData("web:extra", 1000, 2000, "19,2000", "/home/web")]
    [InlineData("web:5", 1000, 5, "5,19,2000", "/home/web")]
    [InlineData("4321", 4321, 0, "0", "/")]
    [InlineData("4321:8765", 4321, 8765, "8765", "/")]
    [InlineData("nohome", 7, 7, "7", "/")]
    [InlineData("web:", 1000, 1001, "19,1001,2000", "/home/web")]
    [InlineData(":extra", 0, 2000, "19,2000", "/root")]
    public void The_images_user_is_looked_up(string user, long uid, long gid, string groups, string home)
    {
        ResolvedUser resolved = UserResolver.Resolve(new UserRequest { ImageUser = user }, Passwd, Group);

        resolved.User.Uid.Should().Be(uid);
        resolved.User.Gid.Should().Be(gid);
        string.Join(',', resolved.User.SupplementalGroups).Should().Be(groups);
        resolved.Home.Should().Be(home);
    }

    [Fact]
    public void The_request_comes_before_the_image()
    {
        ResolvedUser resolved = UserResolver.Resolve(new UserRequest { Uid = 1000, Gid = 50, SupplementalGroups = [3000, 50], ImageUser = "root" }, Passwd, Group);

        resolved.User.Should().BeEquivalentTo(new ContainerUser(1000, 50, [19, 50, 2000, 3000]));
    }

    [Fact]
    public void Strict_groups_leave_the_images_group_file_out() =>
        UserResolver.Resolve(new UserRequest { Username = "web", StrictGroups = true, SupplementalGroups = [3000] }, Passwd, Group)
            .User.SupplementalGroups.Should().Equal(1001, 3000);

    [Theory]
    [InlineData("nobody-here", "*user 'nobody-here' is not in /etc/passwd*")]
    [InlineData("web:nogroup", "*group 'nogroup' is not in /etc/group*")]
    [InlineData("4294967295", "*'4294967295' is not a number from 0 to 4294967294*")]
    [InlineData("4294967296", "*'4294967296'*")]
    [InlineData("99999999999999999999", "*'99999999999999999999'*")]
    [InlineData("-1", "*'-1'*")]
    [InlineData("+5", "*'+5'*")]
    [InlineData("1000:4294967296", "*'4294967296'*")]
    [InlineData("bad", "*user 'bad' is not in /etc/passwd*")]
    public void What_is_no_user_is_refused(string user, string message)
    {
        Action resolve = () => UserResolver.Resolve(new UserRequest { ImageUser = user }, Passwd, Group);

        resolve.Should().Throw<RuntimeException>().WithMessage(message).Which.Kind.Should().Be(ErrorKind.InvalidArgument);
    }

    [Fact]
    public void A_group_alone_is_refused()
    {
        Action resolve = () => UserResolver.Resolve(new UserRequest { Gid = 5 }, Passwd, Group);

        resolve.Should().Throw<RuntimeException>().WithMessage("run_as_group 5 is set without*");
    }

    [Fact]
    public void Ids_never_leave_32_bits() => Gen.Long.Sample(uid =>
    {
        try
        {
            return UserResolver.Resolve(new UserRequest { Uid = uid }, "", "").User.Uid == uid && uid is >= 0 and < uint.MaxValue;
        }
        catch (RuntimeException)
        {
            return uid is < 0 or >= uint.MaxValue;
        }
    });

    [Fact]
    public void No_passwd_file_breaks_the_parser() => Gen.String[Gen.Char[" :0123456789\n,#abc"], 0, 200].Sample(text =>
    {
        _ = PasswdEntry.Parse(text).ToList();
        foreach (GroupEntry entry in GroupEntry.Parse(text))
            if (entry.Gid is < 0 or > UserId.Max || entry.Members.Any(member => member.Length == 0)) return false;
        return true;
    });
}
