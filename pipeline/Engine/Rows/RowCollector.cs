using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Streaming.Contract.Identity;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Engine.Rows;

/// <summary>Collects the ClickHouse rows of one shard's batch, added up by key, and writes them as a chunk for the commit record.</summary>
/// <remarks>
/// Everything here is a difference (counts, sums, members entering and leaving a bucket), so chunks can be added up in any grouping.
/// One per shard, not thread-safe. <see cref="Applied"/> allocates nothing once warm.
/// </remarks>
public sealed class RowCollector(byte[] pseudonymKey)
{
    private readonly Pseudonyms pseudonyms = new(pseudonymKey);
    private readonly Dictionary<ActivityKey, (long Events, Int128 Amount)> activity = [];
    private readonly Dictionary<PointsKey, (long Entries, long Points)> points = [];
    private readonly Dictionary<TransitionKey, long> transitions = [];
    private readonly Dictionary<PopulationKey, long> population = [];
    private readonly Dictionary<RejectKey, long> rejects = [];
    private readonly Dictionary<RetentionKey, long> retention = [];
    private readonly Dictionary<UInt128, MemberRow> members = [];
    private readonly ArrayBufferWriter<byte> effects = new(4096);
    private readonly ArrayBufferWriter<byte> row = new(512);
    private readonly ArrayBufferWriter<byte> rules = new();
    private int effectCount, ruleCount;

    /// <summary>Rows gathered since the last <see cref="Clear"/>.</summary>
    public int Count => activity.Count + points.Count + transitions.Count + population.Count + rejects.Count + retention.Count
        + members.Count + effectCount + ruleCount;

    /// <summary>An event changed its member.</summary>
    /// <param name="member">The member after the event.</param>
    /// <param name="kind">What happened.</param>
    /// <param name="at">When it happened, epoch milliseconds.</param>
    /// <param name="amount">Ten-thousandths of <paramref name="currency"/>'s unit; 0 when no money moved.</param>
    /// <param name="currency">Currency code, or empty.</param>
    public void Applied(Member member, EventKind kind, long at, long amount, Text currency)
    {
        var facets = member.Facets;
        var key = new ActivityKey(RowKeys.Minute(at), (byte)kind, facets.Stage, facets.Tier, RowKeys.Pack(currency));
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(activity, key, out _);
        sum.Events++;
        sum.Amount += amount;
    }

    /// <summary>Adds a row for an effect: an alert, reward, care action or change. A signal to another member makes no row.</summary>
    /// <param name="member">Whose effect it is.</param>
    /// <param name="effect">The effect; its texts are copied.</param>
    /// <param name="inForce">The rules it was decided under.</param>
    public void Effect(Member member, in Effect effect, RuleSet inForce)
    {
        var stream = effect.Kind.Stream();
        if (stream == Members.Effects.Stream.Signals) return;
        row.ResetWrittenCount(); // The row is built apart, so that a failure half-way adds nothing.
        row.Byte((byte)stream);
        BinaryPrimitives.WriteUInt128BigEndian(row.GetSpan(Pseudonyms.Length), PseudonymOf(member));
        row.Advance(Pseudonyms.Length);
        row.Signed(effect.At);
        row.Signed(effect.Sequence);
        row.Byte((byte)effect.Kind);
        row.Byte((byte)effect.Stage);
        row.Byte((byte)effect.Tier);
        row.Byte(effect.Level);
        row.Signed(effect.Points);
        row.Signed(effect.Value);
        row.Utf8(effect.Rule);
        row.Utf8(inForce.Version);
        row.Utf8(effect.From);
        row.Utf8(effect.To);
        row.Utf8(effect.Reason);
        row.Bytes(effect.Subject.Span);
        row.Bytes(effect.Cause.Span);
        row.Byte(effect.WhyCount);
        for (var i = 0; i < effect.WhyCount; i++)
        {
            row.Utf8(effect.Why[i].Name);
            row.Double(effect.Why[i].Value);
        }

        effects.Write(row.WrittenSpan);
        effectCount++;
        if (stream != Members.Effects.Stream.Rewards) return;
        var key = new PointsKey(RowKeys.Minute(effect.At), (byte)effect.Kind, (byte)effect.Stage, (byte)effect.Tier, effect.Rule);
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(points, key, out _);
        sum.Entries++;
        sum.Points += effect.Points;
    }

    /// <summary>Moves a member between the population buckets if they changed. Stage 0 before or after means that the member is not counted
    /// then.</summary>
    /// <param name="before">Facets before the input.</param>
    /// <param name="after">Facets after it.</param>
    /// <param name="now">The member's clock, epoch milliseconds.</param>
    public void Moved(in MemberFacets before, in MemberFacets after, long now)
    {
        if (before == after) return;
        var minute = RowKeys.Minute(now);
        bool left = before.Stage != 0, entered = after.Stage != 0;
        Move(minute, Gauge.Stage, left, before.Stage, entered, after.Stage);
        Move(minute, Gauge.Tier, left, before.Tier, entered, after.Tier);
        Move(minute, Gauge.Level, left, before.Level, entered, after.Level);
        Move(minute, Gauge.Score, left && before.ScoreBin != int.MinValue, before.ScoreBin, entered && after.ScoreBin != int.MinValue,
            after.ScoreBin);
        Move(minute, Gauge.AlertDay, left, before.AlertDay, entered, after.AlertDay);
        if (before.Stage == after.Stage) return;
        CollectionsMarshal.GetValueRefOrAddDefault(transitions, new TransitionKey(minute, before.Stage, after.Stage), out _)++;
    }

    /// <summary>Writes the member's row anew: after its first event and when its stage, tier or level changed.</summary>
    public void Seen(Member member)
    {
        var facets = member.Facets;
        members[PseudonymOf(member)] = new MemberRow(member.FirstSeen, member.Now, member.Events, facets.Stage, facets.Tier, facets.Level);
    }

    /// <summary>Counts the member as active in the day, week and month of <paramref name="at"/>, once each.</summary>
    /// <remarks>
    /// A member is active when it did something itself (<see cref="EventKinds.IsActivity"/>); what others did to it and facts about it do
    /// not count.
    /// Only the latest such event is remembered per member, so a late event never makes an earlier period active afterwards.
    /// Days are UTC, weeks begin on Monday.
    /// </remarks>
    /// <param name="first">Time of the first thing the member did itself, epoch milliseconds: its day is the cohort.</param>
    /// <param name="before">Time of the latest such thing before this one, epoch milliseconds; 0 before any.</param>
    /// <param name="at">Time of this one, epoch milliseconds.</param>
    public void Active(long first, long before, long at)
    {
        int cohort = Periods.Day(first), day = Periods.Day(at), last = before == 0 ? int.MinValue : Periods.Day(before);
        if (day <= last) return;
        Count(Period.Day, day);
        if (last == int.MinValue || Periods.Week(day) > Periods.Week(last)) Count(Period.Week, Periods.Week(day));
        if (last == int.MinValue || Periods.Month(day) > Periods.Month(last)) Count(Period.Month, Periods.Month(day));

        void Count(Period period, int start) =>
            CollectionsMarshal.GetValueRefOrAddDefault(retention, new RetentionKey(period, cohort, start), out _)++;
    }

    /// <summary>A record was no valid event.</summary>
    /// <param name="topic">The input topic.</param>
    /// <param name="reason">The reject reason's name.</param>
    /// <param name="at">The record's timestamp, epoch milliseconds.</param>
    public void Rejected(Topic topic, string reason, long at) =>
        CollectionsMarshal.GetValueRefOrAddDefault(rejects, new RejectKey(RowKeys.Minute(at), (byte)topic, reason), out _)++;

    /// <summary>An event was seen before and changed nothing: counted beside the rejects under the reason <c>duplicate</c>.</summary>
    public void Duplicate(Topic topic, long at) => Rejected(topic, "duplicate", at);

    /// <summary>These rules are in force from <paramref name="now"/> on: at the start of a generation and after every change.</summary>
    /// <param name="version">Content hash of the rules.</param>
    /// <param name="scoreHalfLife">Half-life by which score bins age, milliseconds.</param>
    /// <param name="now">Epoch milliseconds.</param>
    public void RulesInForce(string version, long scoreHalfLife, long now)
    {
        rules.Signed(now);
        rules.Utf8(version);
        rules.Signed(scoreHalfLife);
        ruleCount++;
    }

    /// <summary>Writes all rows as one chunk, to be handed to the block builder once its commit
    /// is durable. Writes nothing when there are no rows.</summary>
    public void WriteTo(IBufferWriter<byte> to)
    {
        if (Count == 0) return;
        to.Byte(RowChunk.Format);
        Section(to, RowSection.Activity, activity, RowEncoding.Write);
        Section(to, RowSection.Points, points, RowEncoding.Write);
        Section(to, RowSection.Transitions, transitions, RowEncoding.Write);
        Section(to, RowSection.Population, population, RowEncoding.Write);
        Section(to, RowSection.Rejects, rejects, RowEncoding.Write);
        Section(to, RowSection.Retention, retention, RowEncoding.Write);
        Section(to, RowSection.Members, members, RowEncoding.Write);
        Section(to, RowSection.Effects, effectCount, effects);
        Section(to, RowSection.Rules, ruleCount, rules);
    }

    /// <summary>Forgets all rows; keeps the buffers.</summary>
    public void Clear()
    {
        activity.Clear();
        points.Clear();
        transitions.Clear();
        population.Clear();
        rejects.Clear();
        retention.Clear();
        members.Clear();
        effects.ResetWrittenCount();
        rules.ResetWrittenCount();
        effectCount = ruleCount = 0;
    }

    private UInt128 PseudonymOf(Member member)
    {
        if (member.Pseudonym == 0) member.Pseudonym = BinaryPrimitives.ReadUInt128BigEndian(pseudonyms.Of(member.Id));
        return member.Pseudonym;
    }

    private void Move(uint minute, Gauge gauge, bool left, int from, bool entered, int to)
    {
        if (left && entered && from == to) return;
        if (left) CollectionsMarshal.GetValueRefOrAddDefault(population, new PopulationKey(minute, gauge, from), out _)--;
        if (entered) CollectionsMarshal.GetValueRefOrAddDefault(population, new PopulationKey(minute, gauge, to), out _)++;
    }

    private static void Section<TKey, TValue>(
        IBufferWriter<byte> to, RowSection section, Dictionary<TKey, TValue> rows, Action<IBufferWriter<byte>, TKey, TValue> write)
        where TKey : notnull
    {
        if (rows.Count == 0) return;
        to.Byte((byte)section);
        to.Unsigned((ulong)rows.Count);
        foreach (var (key, value) in rows) write(to, key, value);
    }

    private static void Section(IBufferWriter<byte> to, RowSection section, int count, ArrayBufferWriter<byte> rows)
    {
        if (count == 0) return;
        to.Byte((byte)section);
        to.Unsigned((ulong)count);
        to.Write(rows.WrittenSpan);
    }
}
