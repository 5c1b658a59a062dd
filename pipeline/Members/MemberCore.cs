using Streaming.Members.CareActions;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Deduplication;
using Streaming.Members.Effects;
using Streaming.Members.EventHistory;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Orders;
using Streaming.Members.Profiles;
using Streaming.Members.Rewards.Achievements;
using Streaming.Members.Rewards.CheckIns;
using Streaming.Members.Rewards.Growth;
using Streaming.Members.Rewards.PointsAccount;
using Streaming.Members.Rules;
using Streaming.Members.Scoring;

namespace Streaming.Members;

/// <summary>The pure core: state and one input in, new state and effects out. Every
/// other part of the system is a host of these methods.</summary>
/// <remarks>
/// Same snapshot bytes, same inputs in the same order and same rules give the same bytes and the same effects, on every machine.
/// Times outside <see cref="Time.Earliest"/> to <see cref="Time.Latest"/> count as the nearest of these; nothing is due beyond.
/// Two clocks: an event's <c>at</c> says when it happened and drives decay, streaks and statistics; <c>now</c> is the member's clock
/// and decides what is due. Not thread-safe; allocates nothing once warm.
/// </remarks>
public static class MemberCore
{
    /// <summary>The most due times one <see cref="Wake"/> fires; what is left stays due for the next.</summary>
    public const int MaxFiredPerWake = 1024;

    /// <summary>Applies one event.</summary>
    /// <param name="member">State, changed in place.</param>
    /// <param name="e">A valid event of this member.</param>
    /// <param name="now">Epoch milliseconds; earlier than the member's clock counts as the member's clock.</param>
    /// <param name="rules">The rules in force; the member must have been settled under them (<see cref="Settle"/>).</param>
    /// <param name="effects">Receives the effects, after those already there.</param>
    public static Verdict Apply(Member member, MemberEvent e, long now, RuleSet rules, EffectBuffer effects)
    {
        var hash = Duplicates.Identity(e);
        var verdict = Duplicates.Admit(member, e, hash);
        if (verdict != Verdict.Applied) return verdict;

        effects.BeginTurn();
        member.Now = Math.Max(member.Now, Math.Min(now, Time.Latest));
        member.Events++;
        var turn = new Turn(member, e, hash, Time.Within(e.At), rules, effects);

        // The order matters: first profile facts, then score and spending, then churn and lifecycle, then rewards, then care, and at the
        // end the list of last events.
        Presence.OnEvent(ref turn);
        Profile.OnEvent(ref turn);
        Score.OnEvent(ref turn);
        Spending.OnEvent(ref turn);
        Churn.OnEvent(ref turn);
        Lifecycle.OnEvent(ref turn);
        Points.OnEvent(ref turn);
        Streaks.OnEvent(ref turn);
        Badges.OnEvent(ref turn);
        Levels.OnEvent(ref turn);
        Care.OnEvent(ref turn);
        LastEvents.OnEvent(ref turn);

        member.Due = Earliest(member, rules, out _);
        return turn.Surplus ? Verdict.RefundExceedsPaid : Verdict.Applied;
    }

    /// <summary>Lets the due times of a member act, once all of its inputs up to <paramref name="proven"/> have been applied.</summary>
    /// <param name="member">State, changed in place.</param>
    /// <param name="proven">Due times up to here act in their order, each with <c>at</c> = its
    /// own due time. Later ones wait: waking early is harmless.</param>
    /// <param name="now">Epoch milliseconds; earlier than the member's clock, or than a due time that acts, counts as that.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="effects">Receives the effects, after those already there.</param>
    /// <exception cref="InvalidOperationException">A capability stayed due after its wake: a programming error.</exception>
    public static void Wake(Member member, long proven, long now, RuleSet rules, EffectBuffer effects)
    {
        effects.BeginTurn();
        member.Now = Math.Max(member.Now, Math.Min(now, Time.Latest));
        var turn = new Turn(member, null, 0, 0, rules, effects);
        proven = Math.Min(proven, Time.Latest);
        var due = Earliest(member, rules, out var who);
        for (var fired = 0; due <= proven && fired < MaxFiredPerWake; fired++)
        {
            turn.FallsDue(due);
            OnWake(who, ref turn);
            if (DueOf(who, member, rules) <= due) throw new InvalidOperationException($"{who} stayed due at {due} after its wake.");
            due = Earliest(member, rules, out who);
        }

        member.Due = due;
    }

    /// <summary>Brings a member from the rules it was settled under to <paramref name="to"/>:
    /// decay under the old, due times under the new.</summary>
    /// <remarks>
    /// Where the new rules give another stage, tier, level or mark, that is told at once with the rules as its cause; what falls due by
    /// them acts with the next wake, and nothing is told with a time before the change. Dormant and lapsed stay until the member is active
    /// again.
    /// </remarks>
    /// <param name="member">State, changed in place.</param>
    /// <param name="from">The rules named by <see cref="Member.RulesVersion"/>, or <paramref name="to"/> for a new member.</param>
    /// <param name="to">The rules in force from here on.</param>
    /// <param name="now">Epoch milliseconds; earlier than the member's clock counts as the member's clock.</param>
    /// <param name="effects">Receives the effects, after those already there.</param>
    public static void Settle(Member member, RuleSet from, RuleSet to, long now, EffectBuffer effects)
    {
        effects.BeginTurn();
        member.Now = Math.Max(member.Now, Math.Min(now, Time.Latest));
        member.RulesVersion = to.Hash;
        member.Lifecycle.BySpending = Tier.None;
        Score.Settle(member, from, to);
        Profile.Settle(member, to);
        Churn.Settle(member, to);
        Care.Settle(member, to);
        if (!ReferenceEquals(from, to))
        {
            var turn = new Turn(member, null, 0, member.Now, to, effects);
            Lifecycle.Settle(ref turn, from);
            Levels.Settle(ref turn);
            if (member.FirstSeen != 0) member.LastTold = turn.Moment;
        }

        member.Due = Earliest(member, to, out _);
    }

    /// <summary>The capabilities that wake, in the order in which they act when due at the same instant.</summary>
    private enum Waker : byte
    {
        Churn = 0,
        Lifecycle = 1,
        Points = 2,
        Care = 3,
        None = 4,
    }

    private static long Earliest(Member member, RuleSet rules, out Waker who)
    {
        var due = member.AlertDue = Bounded(Churn.Due(member, rules));
        who = due == Member.Never ? Waker.None : Waker.Churn;
        Take(Waker.Lifecycle, Lifecycle.Due(member, rules), ref due, ref who);
        Take(Waker.Points, Points.Due(member, rules), ref due, ref who);
        Take(Waker.Care, Care.Due(member, rules), ref due, ref who);
        return due;

        static long Bounded(long at) => at > Time.Latest ? Member.Never : at;

        static void Take(Waker waker, long at, ref long due, ref Waker who)
        {
            if (Bounded(at) >= due) return;
            due = at;
            who = waker;
        }
    }

    private static long DueOf(Waker who, Member member, RuleSet rules) => who switch
    {
        Waker.Churn => Churn.Due(member, rules),
        Waker.Lifecycle => Lifecycle.Due(member, rules),
        Waker.Points => Points.Due(member, rules),
        Waker.Care => Care.Due(member, rules),
        _ => Member.Never,
    };

    private static void OnWake(Waker who, ref Turn turn)
    {
        switch (who)
        {
            case Waker.Churn: Churn.OnWake(ref turn); break;
            case Waker.Lifecycle: Lifecycle.OnWake(ref turn); break;
            case Waker.Points: Points.OnWake(ref turn); break;
            case Waker.Care: Care.OnWake(ref turn); break;
        }
    }
}
