using Google.Protobuf.Collections;

namespace Orlop.Host.Cri.Mapping;

internal static class Maps
{
    public static void Put(this MapField<string, string> map, IReadOnlyDictionary<string, string> values)
    {
        foreach (var (key, value) in values) map[key] = value;
    }
}
