using System.Text;
using Orlop.Host.Engine.Model;
using Orlop.PluginContracts;

namespace Orlop.Host.Tests.Engine;

/// <summary>
/// Records as version 0.1 writes them. They are never changed here: an upgrade that could not read one would take its pod for lost. Each
/// has a member besides that this version does not know, as after a step back from a later one.
/// </summary>
public sealed class RecordFormatTests
{
    private const string Sandbox =
        """
        {"Spec":{"Id":"s1","Name":"web","Namespace":"default","Uid":"u1","Attempt":2,"Hostname":"web","Dns":{"Servers":["10.96.0.10"],"Searches":[],"Options":[]},
        "Network":0,"Pid":1,"Ipc":0,"CgroupParent":"/kubepods/podu1","Sysctls":{},"Privileged":false,"Labels":{"app":"web"},"Annotations":{}},
        "Handler":"","Backend":"fake","LogDirectory":"/var/log/pods/web","PortMappings":[{"Protocol":"tcp","ContainerPort":80,"HostPort":8080,"HostIp":""}],
        "Resources":{},"Fingerprint":"f1","State":1,"CreatedAt":"2026-01-01T00:00:00.0000001+00:00","Addresses":["10.0.0.2","fd00::2"],"Attached":true,"Id":"s1","FromTomorrow":{"x":1}}
        """;

    private const string Container =
        """
        {"Id":"c1","SandboxId":"s1","Request":{"Name":"app","Attempt":1,"Image":"app","UserSpecifiedImage":"","Command":["/app"],"Args":[],"WorkingDirectory":"","Environment":["A=1"],
        "Mounts":[{"ContainerPath":"/data","HostPath":"/data","ReadOnly":true,"RecursiveReadOnly":false,"SelinuxRelabel":false,"Options":[],"Propagation":0,"Image":"","UserSpecifiedImage":"","ImageSubPath":""}],
        "Devices":[],"Labels":{"l":"1"},"Annotations":{},"LogPath":"app/0.log","Stdin":false,"StdinOnce":false,"Terminal":false,
        "Resources":{"CpuPeriod":0,"CpuQuota":0,"CpuShares":0,"MemoryLimit":67108864,"OomScoreAdjust":0,"CpusetCpus":"","CpusetMems":"","HugepageLimits":{},"Unified":{},"MemorySwapLimit":0},
        "Security":{"AddCapabilities":[],"DropCapabilities":[],"AmbientCapabilities":[],"Privileged":false,"Pid":0,"TargetId":"","RunAsUsername":"","ReadOnlyRootfs":false,"SupplementalGroups":[],"StrictGroups":false,
        "NoNewPrivileges":false,"MaskedPaths":[],"ReadOnlyPaths":[],"Seccomp":{"Kind":1,"Localhost":""},"Apparmor":{"Kind":1,"Localhost":""}}},
        "Fingerprint":"f2","ImageName":"app","ImageId":"sha256:1111","ImageReference":"example.test/app@sha256:2222","Snapshotter":"fake","VolumeImages":{},
        "LogPath":"/var/log/pods/web/app/0.log","StopSignal":"SIGQUIT","Resources":{"CpuPeriod":0,"CpuQuota":0,"CpuShares":0,"MemoryLimit":67108864,"OomScoreAdjust":0,"CpusetCpus":"","CpusetMems":"","HugepageLimits":{},"Unified":{},"MemorySwapLimit":0},
        "State":3,"CreatedAt":"2026-01-01T00:00:01+00:00","StartedAt":"2026-01-01T00:00:02+00:00","Exit":{"ExitCode":7,"Reason":1,"Message":"","At":"2026-01-01T00:00:03+00:00"},"FromTomorrow":[1]}
        """;

    [Fact]
    public async Task Records_of_an_earlier_version_are_read()
    {
        var records = new MemoryRecordStore { ["sandbox/s1"] = Encoding.UTF8.GetBytes(Sandbox), ["container/c1"] = Encoding.UTF8.GetBytes(Container) };

        await using var engine = await EngineFixture.RecoverAsync(records, (backend, record) => backend.Alive(record));

        records.Keys.Should().Equal("container/c1", "sandbox/s1");
        var sandbox = engine.Runtime.Snapshot.Sandboxes["s1"];
        sandbox.Spec.Should().BeEquivalentTo(new { Name = "web", Namespace = "default", Uid = "u1", Attempt = 2u, CgroupParent = "/kubepods/podu1" });
        sandbox.Addresses.Should().Equal("10.0.0.2", "fd00::2");
        sandbox.PortMappings.Should().ContainSingle().Which.HostPort.Should().Be(8080);
        var container = engine.Runtime.Snapshot.Containers["c1"];
        container.Should().BeEquivalentTo(new { State = ContainerState.Exited, LogPath = "/var/log/pods/web/app/0.log", StopSignal = "SIGQUIT", Exit = new { ExitCode = 7 } });
        container.Request.Mounts.Should().ContainSingle().Which.ReadOnly.Should().BeTrue();
        container.Resources.MemoryLimit.Should().Be(64 << 20);
    }
}
