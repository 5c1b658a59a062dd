using Streaming.Members.Amounts;
using Streaming.Members.Deduplication;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Orders;
using Streaming.Members.Rules;

namespace Streaming.Members;

/// <summary>One member's turn: the one input being applied and all a capability may use for it.</summary>
public ref struct Turn
{
    private readonly EffectBuffer effects;
    private readonly MemberEvent? input;
    private Text inputCause;

    /// <summary>A turn for an event, or for a wake when <paramref name="input"/> is null.</summary>
    internal Turn(Member member, MemberEvent? input, ulong eventHash, long at, RuleSet rules, EffectBuffer effects)
    {
        EventHash = eventHash;
        Member = member;
        Rules = rules;
        At = at;
        Moment = Math.Max(Math.Max(at, member.LastTold), Math.Max(member.LastSeen, member.Score.At));
        this.effects = effects;
        this.input = input;
    }

    /// <summary>Whose turn it is.</summary>
    public readonly Member Member;

    /// <summary>The rules in force.</summary>
    public readonly RuleSet Rules;

    /// <summary>When it happened, epoch milliseconds: the event's time, or the due
    /// time of a wake. For decay, days and statistics.</summary>
    public long At { get; private set; }

    /// <summary>The time used to judge and announce changes and alerts, epoch milliseconds: <see cref="At"/>, but never before the last
    /// change or alert.</summary>
    /// <remarks>An event that comes late is judged as of the member's latest event: the
    /// score holds that already, and has decayed to there.</remarks>
    public long Moment { get; private set; }

    /// <summary>The member's clock, epoch milliseconds; never earlier than at its last
    /// turn. For what is due, caps and quiet hours.</summary>
    public readonly long Now => Member.Now;

    /// <summary>The event's <see cref="Duplicates.Identity"/>.</summary>
    public readonly ulong EventHash;

    /// <summary>Length of the silence this event ended, milliseconds: 0 for the first
    /// activity, −1 when it ended none (late, or no activity).</summary>
    public long EndedSilence { get; internal set; } = -1;

    /// <summary>Days of silence that the event ended, else up to <see cref="Moment"/>;
    /// null for a member that never did anything itself.</summary>
    internal readonly double? SilenceDays => Member.LastActive == 0 ? null
        : (double)(EndedSilence >= 0 ? EndedSilence : Math.Max(0, Moment - Member.LastActive)) / Time.Day;

    /// <summary>Position of the event's order in <see cref="Member.Orders"/>; of a purchase event only.</summary>
    internal int Order { get; set; }

    /// <summary>The order as it was before the event.</summary>
    internal OrderBefore OrderBefore { get; set; }

    /// <summary>True when the return exceeds what had been paid.</summary>
    internal bool Surplus { get; set; }

    /// <summary>Money that the event moved: what was paid, or what came back.</summary>
    public readonly Money Moved
    {
        get => effects.Moved;
        internal set => effects.Moved = value;
    }

    /// <summary>The event.</summary>
    /// <exception cref="InvalidOperationException">The turn is a wake.</exception>
    public readonly MemberEvent Event => input ?? throw new InvalidOperationException("A wake has no event.");

    /// <summary>The event's identity as effects name their cause: <c>purchases/p-17</c>, or <c>purchases/source/p-17</c>.</summary>
    public Text Cause
    {
        get
        {
            if (inputCause.IsEmpty) inputCause = effects.Cause(Event.Kind.Topic().NameUtf8(), Event.Source.Span, Event.Id.Span);
            return inputCause;
        }
    }

    /// <summary>The effects of this turn so far. Valid until the next is added.</summary>
    public readonly ReadOnlySpan<Effect> Effects => effects.OfTurn;

    /// <summary>Adds an effect caused by the event.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="rule">Stable name of the rule: <c>lifecycle.engagement</c>.</param>
    /// <returns>The effect, for its further fields. Valid until the next effect is added.</returns>
    public ref Effect Emit(EffectKind kind, string rule) => ref effects.Add(Member, kind, rule, Cause, At);

    /// <summary>Adds a change or an alert caused by the event, as of <see cref="Moment"/>.</summary>
    internal ref Effect Tell(EffectKind kind, string rule) => ref Tell(kind, rule, Cause);

    /// <summary>Adds a change or an alert, as of <see cref="Moment"/>.</summary>
    internal readonly ref Effect Tell(EffectKind kind, string rule, Text cause)
    {
        Member.LastTold = Moment;
        return ref effects.Add(Member, kind, rule, cause, Moment);
    }

    /// <summary>Moves the turn to the next due time of a wake.</summary>
    internal void FallsDue(long due)
    {
        Member.Now = Math.Max(Member.Now, due);
        At = due;
        Moment = Math.Max(due, Member.LastTold);
    }

    /// <summary>The cause of what other rules bring: <c>rules/</c> and their version.</summary>
    internal readonly Text RulesCause() => effects.Cause("rules"u8, (long)Rules.Hash, hex: true);

    /// <summary>Adds an effect caused by a period, not by an event: <c>birthday/2026</c>.</summary>
    public readonly ref Effect Emit(EffectKind kind, string rule, Text cause) => ref effects.Add(Member, kind, rule, cause, At);

    /// <summary>A cause made of a word and a number: <c>birthday/2026</c>.</summary>
    public readonly Text Period(ReadOnlySpan<byte> word, long number) => effects.Cause(word, number);

    /// <summary>The cause of everything that the present silence brings: <c>silence/</c>
    /// and the hash of the last activity, 16 hex digits.</summary>
    /// <remarks>The due instant is no part of it: a late event moves that, and one silence would alert twice.</remarks>
    public readonly Text Silence() => effects.Cause("silence"u8, Member.LastActiveEvent, hex: true);

    /// <summary>Copies bytes that an effect is to carry beyond this turn.</summary>
    public readonly Text Keep(ReadOnlySpan<byte> bytes) => effects.Copy(bytes);
}
