using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Streaming.Members.Events;
using YamlDotNet.RepresentationModel;

namespace Streaming.TestKit.Scenarios;

/// <summary>One step: an event on its topic, or a moment up to which every partition has been read.</summary>
/// <param name="Topic">The event's topic; null for a moment.</param>
/// <param name="Key">The member.</param>
/// <param name="Value">The event's JSON.</param>
/// <param name="Now">The members' clock, epoch milliseconds.</param>
public sealed record Step(Topic? Topic, string Key, string Value, long Now);

/// <summary>Events in, effects and state out: a story told in a file, true on every host.</summary>
/// <remarks>
/// <code>
/// story: one sentence
/// steps:
///   - purchases: { id: p1, member: ann, at: "2026-03-02T10:00:00Z", kind: paid, order: o1, amount: "20.00", currency: EUR }
///     now: "2026-03-02T10:00:01Z"        # optional; else the event's own time, never earlier than the step before
///   - proven: "2026-04-02T00:00:00Z"     # every partition is read past this moment
/// effects:                               # all of them, per member in order; fields named here must agree
///   ann: [ { kind: points-earned, points: 20 } ]
/// states:                                # after the last step; fields named here must agree
///   ann: { points: 20, stage: conversion }
/// </code>
/// </remarks>
public sealed record Scenario(string Name, string Story, IReadOnlyList<Step> Steps, JsonObject Effects, JsonObject States)
{
    /// <summary>Reads a scenario file.</summary>
    public static Scenario Load(string path)
    {
        var yaml = new YamlStream();
        using var text = new StreamReader(path, Encoding.UTF8);
        yaml.Load(text);
        var root = (JsonObject)Json(yaml.Documents[0].RootNode)!;
        var steps = new List<Step>();
        var now = 0L;
        foreach (var node in root["steps"]!.AsArray())
        {
            var step = node!.AsObject();
            now = Math.Max(now, Moment(step));
            var topic = Enum.GetValues<Topic>().Cast<Topic?>().FirstOrDefault(t => step.ContainsKey(t.ToString()!.ToLowerInvariant()));
            steps.Add(topic is { } on && step[on.ToString().ToLowerInvariant()] is JsonObject e
                ? new Step(on, e["member"]!.GetValue<string>(), e.ToJsonString(), now)
                : new Step(null, "", "", now));
        }

        return new Scenario(
            Path.GetFileNameWithoutExtension(path), root["story"]!.GetValue<string>(), steps,
            root["effects"] as JsonObject ?? [], root["states"] as JsonObject ?? []);
    }

    private static long Moment(JsonObject step)
    {
        var text = step["now"] ?? step["proven"] ?? step.Select(p => p.Value).OfType<JsonObject>().First()["at"];
        return DateTimeOffset.Parse(text!.GetValue<string>(), CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, Json(c.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain => Plain(plain.Value ?? ""),
        YamlScalarNode quoted => JsonValue.Create(quoted.Value),
        _ => throw new InvalidDataException($"A scenario has no {node.GetType().Name}."),
    };

    private static JsonValue? Plain(string text) =>
        text is "null" or "~" ? null
        : bool.TryParse(text, out var flag) ? JsonValue.Create(flag)
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValue.Create(whole)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? JsonValue.Create(real)
        : JsonValue.Create(text);
}
