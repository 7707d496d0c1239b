using System.Text.Json;
using Google.Protobuf.Reflection;
using Orlop.Cri.V1;

namespace Orlop.Architecture.Tests;

/// <summary>The compiled CRI against the table of its wire format: every call, field, number, type and enum.</summary>
public sealed class CriDescriptor
{
    private static readonly FileDescriptor Compiled = CriReflection.Descriptor;

    [WireFact]
    public void Calls_are_those_of_the_table()
    {
        using var table = ReadTable();
        var expected =
            from service in table.RootElement.GetProperty("services").EnumerateObject()
            from call in service.Value.EnumerateObject()
            select $"{service.Name}.{call.Name}({Text(call, "request")}) returns {Text(call, "response")} streaming {call.Value.GetProperty("server_streaming").GetBoolean()}";

        var compiled =
            from service in Compiled.Services
            from call in service.Methods
            select $"{service.Name}.{call.Name}({call.InputType.Name}) returns {call.OutputType.Name} streaming {call.IsServerStreaming}";

        compiled.Should().BeEquivalentTo(expected).And.HaveCount(43);
        Compiled.Package.Should().Be(table.RootElement.GetProperty("package").GetString());
    }

    [WireFact]
    public void Fields_are_those_of_the_table()
    {
        using var table = ReadTable();
        var expected =
            from message in table.RootElement.GetProperty("messages").EnumerateObject()
            from field in message.Value.GetProperty("fields").EnumerateObject()
            select $"{message.Name}.{field.Name} = {field.Value.GetProperty("number").GetInt32()} {Text(field, "type")}{Flag(field, "deprecated")}{Flag(field, "secret")}";

        var compiled =
            from message in Compiled.MessageTypes
            from field in message.Fields.InDeclarationOrder()
            let options = field.GetOptions()
            select $"{message.Name}.{field.Name} = {field.FieldNumber} {TypeOf(field)}{(options?.Deprecated is true ? " deprecated" : "")}{(options?.DebugRedact is true ? " secret" : "")}";

        compiled.Should().BeEquivalentTo(expected);
        Compiled.MessageTypes.Select(message => message.Name).Should().BeEquivalentTo(table.RootElement.GetProperty("messages").EnumerateObject().Select(message => message.Name));
    }

    [WireFact]
    public void Enums_are_those_of_the_table()
    {
        using var table = ReadTable();
        var nested =
            from message in table.RootElement.GetProperty("messages").EnumerateObject()
            where message.Value.TryGetProperty("enums", out _)
            from kind in message.Value.GetProperty("enums").EnumerateObject()
            select kind;
        var expected =
            from kind in table.RootElement.GetProperty("enums").EnumerateObject().Concat(nested)
            from value in kind.Value.EnumerateObject()
            select $"{kind.Name}.{value.Name} = {value.Value.GetInt32()}";

        var compiled =
            from kind in Compiled.EnumTypes.Concat(Compiled.MessageTypes.SelectMany(message => message.EnumTypes))
            from value in kind.Values
            select $"{kind.Name}.{value.Name} = {value.Number}";

        compiled.Should().BeEquivalentTo(expected);
    }

    private static string TypeOf(FieldDescriptor field)
    {
        if (field.IsMap)
        {
            return $"map<{Plain(field.MessageType.FindFieldByNumber(1))}, {Plain(field.MessageType.FindFieldByNumber(2))}>";
        }

        return (field.IsRepeated ? "repeated " : "") + Plain(field);

        static string Plain(FieldDescriptor field) => field.FieldType switch
        {
            FieldType.Message => field.MessageType.Name,
            FieldType.Enum => field.EnumType.Name,
            _ => field.FieldType.ToString().ToLowerInvariant(),
        };
    }

    private static JsonDocument ReadTable() => JsonDocument.Parse(File.ReadAllText(WireFactAttribute.Table));

    private static string? Text(JsonProperty owner, string name) => owner.Value.GetProperty(name).GetString();

    private static string Flag(JsonProperty field, string name) => field.Value.TryGetProperty(name, out var flag) && flag.GetBoolean() ? " " + name : "";
}
