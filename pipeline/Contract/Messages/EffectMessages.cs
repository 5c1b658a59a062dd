using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Streaming.Members;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;

namespace Streaming.Contract.Messages;

/// <summary>Writes effects as the JSON messages of their output topics, as <c>Schemas/*.schema.json</c> describe them.</summary>
/// <remarks>One per shard, not thread-safe; allocates nothing per effect once warm.</remarks>
public sealed class EffectMessages : IDisposable
{
    private static readonly JsonEncodedText
        Id = Name("id"), Kind = Name("kind"), Of = Name("member"), Sequence = Name("sequence"), At = Name("at"), Rule = Name("rule"),
        RulesVersion = Name("rulesVersion"), Cause =
        Name("cause"), From = Name("from"), To = Name("to"), Reason = Name("reason"), Why = Name("why"),
        Severity = Name("severity"), Raised =
        Name("raisedSequence"), Points = Name("points"), Balance = Name("balance"), Request = Name("request"),
        Gift = Name("gift"), Approver =
        Name("approver"), Note = Name("note"), Badge = Name("badge"), Days = Name("days"), Action = Name("action"),
        Channel = Name("channel"), Level = Name("level"), Until = Name("until"), Benefits = Name("benefits"), Currency = Name("currency");

    private static readonly string[] Formats = ["F0", "F1", "F2", "F3", "F4"]; // by decimals

    // The messages are never put into an HTML page, so only what JSON requires is escaped.
    private readonly Utf8JsonWriter json =
        new(System.IO.Stream.Null, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Appends the message of one effect.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="member">Whose effect it is.</param>
    /// <param name="effect">The effect.</param>
    /// <param name="rules">The rules that made it.</param>
    public void Write(IBufferWriter<byte> to, Member member, in Effect effect, RuleSet rules)
    {
        json.Reset(to);
        json.WriteStartObject();
        Span<byte> id = stackalloc byte[EffectId.Length];
        EffectId.Write(id, member.Id, effect);
        json.WriteString(Id, id);
        if (effect.Kind == EffectKind.Tell) WriteSignal(member, effect);
        else WriteOutput(member, effect);
        json.WriteString(Rule, effect.Rule);
        json.WriteString(RulesVersion, rules.Version);
        json.WriteString(Cause, effect.Cause.Span);
        WriteOfKind(effect, rules);
        if (effect.WhyCount > 0) WriteWhy(effect);
        json.WriteEndObject();
        json.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();

    // An event for the other member, as the decoder reads it.
    private void WriteSignal(Member member, in Effect effect)
    {
        json.WriteString(Kind, effect.To);
        json.WriteString(Of, effect.Subject.Span);
        WriteTime(At, effect.At);
        json.WriteString(From, member.Id.Span);
    }

    private void WriteOutput(Member member, in Effect effect)
    {
        json.WriteString(Kind, effect.Kind.Name());
        json.WriteString(Of, member.Id.Span);
        json.WriteNumber(Sequence, effect.Sequence);
        WriteTime(At, effect.At);
    }

    private void WriteOfKind(in Effect effect, RuleSet rules)
    {
        switch (effect.Kind)
        {
            case EffectKind.AlertRaised:
                Text(Reason, effect.Reason);
                json.WriteNumber(Severity, effect.Value);
                break;
            case EffectKind.AlertCleared:
                Text(From, effect.From);
                Text(Reason, effect.Reason);
                json.WriteNumber(Raised, effect.Value);
                break;
            case EffectKind.PointsEarned or EffectKind.PointsExpired or EffectKind.PointsReversed or EffectKind.PointsWithheld:
                WritePoints(effect);
                Text(Currency, effect.To);
                Text(Reason, effect.Reason);
                break;
            case EffectKind.PointsSpent or EffectKind.RedeemRejected or EffectKind.RedeemRepeated:
                WritePoints(effect);
                Text(Request, effect.Subject);
                Text(Gift, effect.Detail);
                Text(Reason, effect.Reason);
                break;
            case EffectKind.PointsAdjusted:
                WritePoints(effect);
                Text(Approver, effect.Subject);
                Text(Note, effect.Detail);
                break;
            case EffectKind.BadgeEarned:
                Text(Badge, effect.To);
                break;
            case EffectKind.StreakReached:
                json.WriteNumber(Days, effect.Value);
                break;
            case EffectKind.CareAction or EffectKind.CareSuppressed or EffectKind.CareHeld:
                Text(Action, effect.To);
                Text(Channel, effect.Subject);
                Text(Reason, effect.Reason);
                if (effect.Until != 0) WriteTime(Until, effect.Until);
                break;
            case EffectKind.StageChanged or EffectKind.TierChanged or EffectKind.MemberJoined:
                WriteChange(effect);
                break;
            case EffectKind.LevelChanged:
                WriteChange(effect);
                json.WriteNumber(Level, effect.Value);
                WriteBenefits(rules.Levels.Find(effect.To ?? "")?.Benefits ?? []);
                break;
        }
    }

    private void WritePoints(in Effect effect)
    {
        json.WriteNumber(Points, effect.Points);
        json.WriteNumber(Balance, effect.Value);
    }

    private void WriteChange(in Effect effect)
    {
        Text(From, effect.From);
        Text(To, effect.To);
        Text(Reason, effect.Reason);
    }

    private void WriteBenefits(IReadOnlyList<string> benefits)
    {
        json.WriteStartArray(Benefits);
        for (var i = 0; i < benefits.Count; i++) json.WriteStringValue(benefits[i]);
        json.WriteEndArray();
    }

    private void WriteWhy(in Effect effect)
    {
        json.WriteStartObject(Why);
        for (var i = 0; i < effect.WhyCount; i++)
        {
            var number = effect.Why[i];
            if (number.Decimals >= 0) WriteMoney(number);
            else if (double.IsFinite(number.Value)) json.WriteNumber(number.Name, number.Value);
            else json.WriteNull(number.Name); // infinite or not a number: JSON cannot hold it
        }

        json.WriteEndObject();
    }

    // Money keeps its decimals (21.90, not 21.9) and is still a JSON number.
    private void WriteMoney(EffectNumber money)
    {
        Span<byte> digits = stackalloc byte[40];
        money.Value.TryFormat(digits, out var length, Formats[money.Decimals], System.Globalization.CultureInfo.InvariantCulture);
        json.WritePropertyName(money.Name);
        json.WriteRawValue(digits[..length], skipInputValidation: true);
    }

    private void WriteTime(JsonEncodedText name, long at)
    {
        // The format "O" is much faster than a custom pattern; its seven decimals of the second are cut to three.
        Span<byte> text = stackalloc byte[28];
        DateTime.UnixEpoch.AddMilliseconds(at).TryFormat(text, out _, "O", System.Globalization.CultureInfo.InvariantCulture);
        text[23] = (byte)'Z';
        json.WriteString(name, text[..24]);
    }

    private void Text(JsonEncodedText name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    private void Text(JsonEncodedText name, Text value)
    {
        if (!value.IsEmpty) json.WriteString(name, value.Span);
    }

    private static JsonEncodedText Name(string name) => JsonEncodedText.Encode(name);
}
