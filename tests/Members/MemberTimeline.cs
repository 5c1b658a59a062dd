using System.Globalization;
using System.Text;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Tests;

/// <summary>Applies events and wakes to one member and collects the effects. Each step goes through a snapshot and back.</summary>
internal sealed class MemberTimeline
{
    /// <summary>2026-01-01, from where <see cref="Day"/> counts.</summary>
    public const long Start = 1_767_225_600_000;

    private readonly bool throughSnapshots;
    private readonly EffectBuffer effects = new();
    private readonly SnapshotWriter writer = new();
    private int events;

    /// <param name="rules">The rules, or null for the example's.</param>
    /// <param name="throughSnapshots">False keeps one member object from step to step, as a host's cache does.</param>
    public MemberTimeline(RuleSet? rules = null, bool throughSnapshots = true)
    {
        Rules = rules ?? new RuleSet();
        this.throughSnapshots = throughSnapshots;
        Member.Reset("m-1"u8);
    }

    public Member Member { get; private set; } = new();

    public RuleSet Rules { get; private set; }

    /// <summary>Every effect so far.</summary>
    public List<EffectCopy> Effects { get; } = [];

    /// <summary>Epoch milliseconds of a time written out: <c>2026-03-01T12:00Z</c>.</summary>
    public static long Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).ToUnixTimeMilliseconds();

    /// <summary>Epoch milliseconds of a moment so many days after <see cref="Start"/>.</summary>
    public static long Day(double days) => Start + Members.Time.Days(days);

    /// <summary>Applies an event so many days after <see cref="Start"/>, read at once.</summary>
    public Verdict At(double days, EventKind kind, Action<MemberEvent>? with = null) => Apply(NewEvent(Day(days), kind, with), Day(days));

    public Verdict Apply(MemberEvent e, long now)
    {
        var verdict = Verdict.Applied;
        Step(() => verdict = MemberCore.Apply(Member, e, now, Rules, effects));
        return verdict;
    }

    public void WakeAt(double days) => Wakes(Day(days));

    public IEnumerable<EffectCopy> Of(EffectKind kind) => Effects.Where(e => e.Kind == kind);

    public MemberEvent NewEvent(long at, EventKind kind, Action<MemberEvent>? with = null, string? id = null)
    {
        var e = new MemberEvent { Kind = kind, At = at, Member = Member.Id, Id = Text.From(id ?? $"e-{++events}") };
        with?.Invoke(e);
        return e;
    }

    /// <summary>The member's snapshot.</summary>
    public byte[] Bytes()
    {
        writer.Clear();
        Member.Write(writer);
        return writer.Written.ToArray();
    }

    /// <summary>Applies an event; <paramref name="now"/> is its own time unless said otherwise.</summary>
    public IReadOnlyList<EffectCopy> Happens(EventKind kind, long at, Action<MemberEvent>? with = null, long? now = null, string? id = null)
    {
        var e = NewEvent(at, kind, with, id);
        return Step(() => MemberCore.Apply(Member, e, now ?? at, Rules, effects));
    }

    public IReadOnlyList<EffectCopy> Happens(EventKind kind, string at, Action<MemberEvent>? with = null, string? now = null) =>
        Happens(kind, Time(at), with, now is null ? null : Time(now));

    public IReadOnlyList<EffectCopy> Pays(string at, decimal amount, string currency = "EUR") =>
        Happens(EventKind.Paid, Time(at), Paid(amount, currency));

    public IReadOnlyList<EffectCopy> Wakes(long proven, long? now = null) =>
        Step(() => MemberCore.Wake(Member, proven, now ?? proven, Rules, effects));

    public IReadOnlyList<EffectCopy> Wakes(string proven, string? now = null) => Wakes(Time(proven), now is null ? null : Time(now));

    public IReadOnlyList<EffectCopy> Settles(RuleSet rules, long now)
    {
        var told = Step(() => MemberCore.Settle(Member, Rules, rules, now, effects));
        Rules = rules;
        return told;
    }

    public static Action<MemberEvent> Paid(decimal amount, string currency = "EUR") => e =>
    {
        e.Amount = (long)(amount * 10_000);
        e.Currency = Text.From(currency);
        e.Order = e.Id;
    };

    /// <summary>Money of an order; without an amount for a cancellation of all of it.</summary>
    public static Action<MemberEvent> Of(string order, decimal amount = 0, string currency = "EUR") => e =>
    {
        e.Order = Text.From(order);
        e.Amount = (long)(amount * 10_000);
        if (amount != 0) e.Currency = Text.From(currency);
    };

    public static Action<MemberEvent> Redeem(long points, string request) => e =>
    {
        e.Points = points;
        e.Request = Text.From(request);
        e.Gift = Text.From("mug");
    };

    /// <summary>Declares the member's zone.</summary>
    public MemberTimeline In(string zone)
    {
        Happens(EventKind.Updated, 0, e => e.Zone = Text.From(zone));
        return this;
    }

    private List<EffectCopy> Step(Action step)
    {
        effects.Clear();
        step();
        var told = effects.Items.ToArray().Select(EffectCopy.Of).ToList();
        Effects.AddRange(told);
        if (throughSnapshots) Member = Reread();
        return told;
    }

    // What is written and read again writes the same bytes: a step that misses a field of the snapshot is found by every test.
    private Member Reread()
    {
        var bytes = Bytes();
        var again = new Member();
        again.Reset(Member.Id.Span);
        again.Read(bytes);
        writer.Clear();
        again.Write(writer);
        Assert.Equal(bytes, writer.Written.ToArray());
        return again;
    }
}

/// <summary>An effect, copied out of its buffer.</summary>
/// <param name="Numbers">The numbers behind it as text, so that two effects are equal when these are.</param>
internal sealed record EffectCopy(
    EffectKind Kind, string Rule, string Cause, string Id, long Sequence, long At, long Points, long Value, string? From, string? To,
        string? Reason, string Subject, string Detail, string Numbers, Stage Stage, Tier Tier, long Until)
{
    public IReadOnlyDictionary<string, double> Why => Numbers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(n => n.Split('='))
        .ToDictionary(n => n[0], n => double.Parse(n[1], CultureInfo.InvariantCulture));

    public static EffectCopy Of(Effect effect)
    {
        var id = new byte[EffectId.Length];
        EffectId.Write(id, Text.From("m-1"), effect);
        var numbers = new List<string>();
        for (var i = 0; i < effect.WhyCount; i++)
        {
            numbers.Add(string.Create(CultureInfo.InvariantCulture, $"{effect.Why[i].Name}={effect.Why[i].Value:R}"));
        }
        return new EffectCopy(
            effect.Kind, effect.Rule, effect.Cause.ToString(), Encoding.ASCII.GetString(id), effect.Sequence, effect.At, effect.Points,
            effect.Value,
            effect.From, effect.To, effect.Reason, effect.Subject.ToString(), effect.Detail.ToString(), string.Join(' ', numbers),
                effect.Stage, effect.Tier, effect.Until);
    }
}
