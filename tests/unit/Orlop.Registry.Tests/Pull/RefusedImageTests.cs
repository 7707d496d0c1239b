using System.Text.Json.Nodes;
using Orlop.Registry.Tests.Support;

namespace Orlop.Registry.Tests.Pull;

/// <summary>What a registry gives that is no image for this machine.</summary>
public sealed class RefusedImageTests : PullTest
{
    [Fact]
    public async Task A_manifest_of_a_gigabyte_is_refused_before_it_is_read()
    {
        long sent = 0;
        Registry.Intercept = async c =>
        {
            c.Response.SendChunked = true;
            byte[] buffer = new byte[1 << 20];
            for (int i = 0; i < 1024; i++)
            {
                await c.Response.OutputStream.WriteAsync(buffer);
                sent += buffer.Length;
            }

            c.Response.Close();
            return true;
        };
        (await FailureOf(Name("app:1"))).Message.Should().Contain("larger than 4194304 bytes");
        sent.Should().BeLessThan(64 << 20);
    }

    [Theory]
    [InlineData("""{"schemaVersion":1,"name":"app"}""", "schema 1")]
    [InlineData("""{"schemaVersion":2,"manifests":[],"layers":[]}""", "an index and a manifest at once")]
    [InlineData("""{"schemaVersion":2,"config":{"mediaType":"application/vnd.cncf.helm.config.v1+json","digest":"sha256:aa","size":1},"layers":[]}""", "no container image but an artifact (application/vnd.cncf.helm.config.v1+json)")]
    [InlineData("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:0000000000000000000000000000000000000000000000000000000000000000","size":2,"platform":{"os":"windows","architecture":"amd64"}}]}""", "it has windows/amd64")]
    [InlineData("""{"schemaVersion":2,"manifests":[{"digest":"../../etc/passwd","size":2}]}""", "which is no sha256 or sha512 digest")]
    [InlineData("[]", "not readable as JSON")]
    [InlineData("not json", "not readable as JSON")]
    public async Task What_is_no_image_for_this_machine_is_refused_with_the_reason(string manifest, string reason)
    {
        Registry.Intercept = c => StubRegistry.AnswerAsync(c, 200, manifest, r => r.ContentType = "");
        (await FailureOf(Name("app:1"))).Message.Should().Contain(reason);
    }

    [Theory]
    [InlineData("""{"Env":[null]}""")]
    [InlineData("""{"Cmd":["sh",null]}""")]
    [InlineData("""{"Labels":{"a":null}}""")]
    [InlineData("""{"Env":"PATH=/bin"}""")]
    public async Task A_configuration_with_nothing_or_another_thing_in_place_of_a_text_is_refused(string process)
    {
        Registry.Add("app", "1", TestImage.Make([TarBuilder.Layer(t => t.File("a"))], changeConfig: c => c["config"] = JsonNode.Parse(process)));

        (await FailureOf(Name("app:1"))).Message.Should().Contain("is unreadable");
    }

    [Fact]
    public async Task A_configuration_of_hostile_depth_is_refused()
    {
        Registry.Add("app", "1", TestImage.Make([TarBuilder.Layer(t => t.File("a"))], changeConfig: c =>
        {
            var deep = new JsonObject();
            for (int i = 0; i < 60; i++)
                deep = new JsonObject { ["deeper"] = deep };
            c["config"] = new JsonObject { ["Labels"] = new JsonObject { ["deep"] = deep } };
        }));

        (await FailureOf(Name("app:1"))).Message.Should().Contain("is unreadable");
    }

    [Fact]
    public async Task Foreign_layers_are_refused()
    {
        Registry.Add("app", "1", TestImage.Make([TarBuilder.Layer(t => t.File("a"))], docker: true, changeManifest: m =>
        {
            m["layers"]![0]!["mediaType"] = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip";
            m["layers"]![0]!["urls"] = new JsonArray("https://elsewhere.example/layer");
        }));
        (await FailureOf(Name("app:1"))).Message.Should().Contain("foreign layers");
    }
}
