using System.Buffers;
using System.Text;
using Streaming.Contract.Decoding;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Engine.Batches;
using Streaming.Engine.Rows;
using Streaming.Members;
using Streaming.Members.Amounts;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Engine.Turns;

/// <summary>Encodes what a shard's turns caused: messages for Kafka, rows for ClickHouse. One per shard, not thread-safe.</summary>
/// <param name="rows">Collects the rows of the batch.</param>
/// <param name="outside">False in a replay that keeps its effects to itself: alerts,
/// rewards, care and changes are counted, not sent.</param>
public sealed class ShardOutput(RowCollector rows, bool outside) : IDisposable
{
    private readonly EffectMessages messages = new();
    private readonly ArrayBufferWriter<byte> value = new(4 * 1024);
    private readonly ArrayBufferWriter<byte> turn = new(4 * 1024);
    private readonly ArrayBufferWriter<byte> headers = new(1024);
    private readonly Dictionary<int, Text> currencies = []; // of orders, as texts: no more than there are codes of three letters

    /// <summary>An event was applied.</summary>
    public void Applied(ApplyResult result, Member member, MemberEvent e, in MemberFacets before, long lastActiveBefore,
        EffectBuffer effects, RuleSet rules)
    {
        Encode(member, effects, rules);
        // The amount that the event names. A cancellation without an amount counts what was left of the order.
        if (e.Amount != 0) rows.Applied(member, e.Kind, e.At, e.Amount, e.Currency);
        else rows.Applied(member, e.Kind, e.At, effects.Moved.Amount, NameOf(effects.Moved.Currency));
        if (e.Kind.IsActivity()) rows.Active(member.FirstActive, lastActiveBefore, e.At);
        Leave(result, member, before, effects, rules);
    }

    /// <summary>A member was looked at without an event.</summary>
    public void Woken(ApplyResult result, Member member, in MemberFacets before, EffectBuffer effects, RuleSet rules)
    {
        Encode(member, effects, rules);
        Leave(result, member, before, effects, rules);
    }

    /// <summary>Other rules are in force from now on.</summary>
    public void RulesChanged(RuleSet rules, long now) =>
        rows.RulesInForce(rules.Version, (long)(rules.Score.HalfLifeDays * 86_400_000), now);

    /// <summary>Rows of a replayed file were left out.</summary>
    public void Skipped(IEnumerable<(Topic Topic, string Reason, long At)> left)
    {
        foreach (var (topic, reason, at) in left) rows.Rejected(topic, reason, at);
    }

    /// <summary>An event was seen before.</summary>
    public void Duplicate(MemberEvent e) => rows.Duplicate(e.Kind.Topic(), e.At);

    /// <summary>A record could not become an event, or its member refused the event: it leaves for
    /// the dead letters with its original bytes and the reason.</summary>
    public void Rejected(ApplyResult result, in InputRecord record, RejectReason reason, string field)
    {
        headers.ResetWrittenCount();
        DeadLetter.WriteHeaders(headers, record, reason, field);
        OutputMessages.Write(result.Messages, OutputTopic.DeadLetters, record.Key, record.KeyLength >= 0, record.Value,
            record.ValueLength >= 0, headers.WrittenSpan);
        rows.Rejected(record.Topic, RejectReasons.Name(reason), record.Timestamp);
    }

    private Text NameOf(int currency)
    {
        if (currency == 0) return default;
        ref var name = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(currencies, currency, out var known);
        if (!known) name = Text.From(Currencies.Name(currency));
        return name;
    }

    /// <inheritdoc/>
    public void Dispose() => messages.Dispose();

    /// <summary>The batch is done: its rows become bytes.</summary>
    public void Finish(ApplyResult result)
    {
        if (rows.Count > 0) rows.WriteTo(result.Rows);
        rows.Clear();
    }

    /// <summary>Encodes the messages of a turn in a buffer of their own: when one cannot be encoded, nothing of the turn leaves.</summary>
    private void Encode(Member member, EffectBuffer effects, RuleSet rules)
    {
        turn.ResetWrittenCount();
        foreach (ref readonly var effect in effects.Items)
        {
            var stream = effect.Kind.Stream();
            if (!outside && stream != Members.Effects.Stream.Signals) continue;
            value.ResetWrittenCount();
            messages.Write(value, member, effect, rules);
            var key = stream == Members.Effects.Stream.Signals ? effect.Subject.Span : member.Id.Span;
            OutputMessages.Write(turn, (OutputTopic)stream, key, true, value.WrittenSpan, true, default);
        }
    }

    private void Leave(ApplyResult result, Member member, in MemberFacets before, EffectBuffer effects, RuleSet rules)
    {
        var after = member.Facets;
        foreach (ref readonly var effect in effects.Items) rows.Effect(member, effect, rules);
        rows.Moved(before, after, member.Now);
        if ((before.Stage, before.Tier, before.Level) != (after.Stage, after.Tier, after.Level)) rows.Seen(member);
        result.Counts.Effects += effects.Count;
        if (turn.WrittenCount > 0) result.Messages.Write(turn.WrittenSpan);
    }
}
