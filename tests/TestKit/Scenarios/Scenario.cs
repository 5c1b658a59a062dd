using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Streaming.Members.Events;

namespace Streaming.TestKit.Scenarios;

/// <summary>One step: an event on its topic, a moment up to which every partition has been read,
/// a read of the topic signals, or a change of the rules.</summary>
/// <param name="Topic">The event's topic; null for a moment.</param>
/// <param name="Key">The member.</param>
/// <param name="Value">The event's JSON.</param>
/// <param name="Now">The members' clock, epoch milliseconds.</param>
public sealed record Step(Topic? Topic, string Key, string Value, long Now)
{
    /// <summary>From here on other rules are in force; <see cref="Value"/> is their text.</summary>
    public static Step ChangeRules(string text, long now) => new(null, "", text, now);

    /// <summary>True for <see cref="ChangeRules"/>.</summary>
    public bool ChangesRules => Topic is null && Value.Length > 0;

    /// <summary>For a moment: every partition is read past it. May lie before <see cref="Now"/>: then
    /// the clock has gone on, and what came later waits unread.</summary>
    public long Proven { get; init; } = Now;

    /// <summary>Everything told up to here is read back from the topic <c>signals</c>.</summary>
    public static Step ReadSignals(long now) => new(Members.Events.Topic.Signals, "", "", now);

    /// <summary>True for <see cref="ReadSignals"/>.</summary>
    public bool ReadsSignals => Topic == Members.Events.Topic.Signals && Value.Length == 0;
}

/// <summary>A scenario file: events, and the effects and states that every host must give.</summary>
/// <remarks>
/// <code>
/// story: one sentence
/// steps:
///   - purchases: { id: p1, member: ann, at: "2026-03-02T10:00:00Z", kind: paid, order: o1, amount: "20.00", currency: EUR }
///     now: "2026-03-02T10:00:01Z"        # optional; else the event's own time, never earlier than the step before
///   - chats: { id: c, member: ann, at: "2026-03-02T11:00:00Z", kind: message }
///     repeat: 70                         # optional: so many of them, with ids c-1, c-2 …
///   - signals: read                      # what members told each other up to here is read by those it was told to
///   - rules: "{churn: {hiatusDays: 40}}" # the rules file is changed to this
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
        using var text = new StreamReader(path, Encoding.UTF8);
        var root = (JsonObject)YamlJson.Read(text)!;
        var steps = new List<Step>();
        var now = 0L;
        foreach (var node in root["steps"]!.AsArray())
        {
            var step = node!.AsObject();
            now = Math.Max(now, Moment(step));
            steps.AddRange(Read(step, now));
        }

        return new Scenario(
            Path.GetFileNameWithoutExtension(path), root["story"]!.GetValue<string>(), steps,
            root["effects"] as JsonObject ?? [], root["states"] as JsonObject ?? []);
    }

    private static IEnumerable<Step> Read(JsonObject step, long now)
    {
        var topic = Enum.GetValues<Topic>().Cast<Topic?>().FirstOrDefault(t => step.ContainsKey(t.ToString()!.ToLowerInvariant()));
        if (step["rules"] is { } rules) return [Step.ChangeRules(rules.GetValue<string>(), now)];
        if (topic is not { } on) return [new Step(null, "", "", now) { Proven = Moment(step) }];
        if (step[on.ToString().ToLowerInvariant()] is not JsonObject e) return [Step.ReadSignals(now)];
        var (key, id) = (e["member"]!.GetValue<string>(), e["id"]!.GetValue<string>());
        if (step["repeat"] is not { } repeat) return [new Step(on, key, e.ToJsonString(), now)];
        return Enumerable.Range(1, (int)repeat.GetValue<long>()).Select(n =>
        {
            e["id"] = $"{id}-{n}";
            return new Step(on, key, e.ToJsonString(), now);
        });
    }

    private static long Moment(JsonObject step)
    {
        var text = step["now"] ?? step["proven"] ?? step.Select(p => p.Value).OfType<JsonObject>().FirstOrDefault()?["at"];
        return text is null ? 0 : DateTimeOffset.Parse(text.GetValue<string>(), CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
    }
}
