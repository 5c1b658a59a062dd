using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Streaming.TestKit;

/// <summary>YAML as JSON: plain scalars are null, truth values and numbers where they look like it, and quoted ones are texts.</summary>
public static class YamlJson
{
    /// <summary>The JSON of the first document.</summary>
    public static JsonNode? Read(TextReader text)
    {
        var yaml = new YamlStream();
        yaml.Load(text);
        return Of(yaml.Documents[0].RootNode);
    }

    private static JsonNode? Of(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Of(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Of)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value ?? ""),
        YamlScalarNode quoted => JsonValue.Create(quoted.Value),
        _ => throw new InvalidDataException($"There is no JSON for a {node.GetType().Name}."),
    };

    private static JsonValue? Plain(string text) =>
        text is "null" or "~" ? null
        : bool.TryParse(text, out var flag) ? JsonValue.Create(flag)
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? JsonValue.Create(real)
        : JsonValue.Create(text);
}
