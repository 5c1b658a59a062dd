using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Members;

/// <summary>Care actions: thanks for the first purchase, a greeting on the birthday.</summary>
/// <remarks>
/// Each passes the same gate, judged on the member's clock: a member that left, or refuses every channel, is left alone; in quiet hours
/// the action is held until they end and judged again; above the weekly cap it is not sent. What is not sent is an effect with its reason.
/// </remarks>
public static class Care
{
    private const string Thanks = "first-purchase-thanks";
    private const string Greeting = "birthday-greeting";

    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
        ref var state = ref turn.Member.Care;
        switch (turn.Event.Kind)
        {
            case EventKind.Paid when !state.Purchased:
                state.Purchased = true;
                if (!turn.Rules.Care.FirstPurchaseThanks) break;
                if (Gate(ref turn, "care." + Thanks, Thanks, turn.Cause) is not { } held) break;
                state.ThanksCause = turn.Cause;
                state.ThanksDue = held;
                break;
            case EventKind.Joined or EventKind.Updated:
                PlanGreeting(turn.Member, turn.Rules.Care);
                break;
        }
    }

    /// <summary>When something held may leave or the next birthday comes, or <see cref="Member.Never"/>.</summary>
    public static long Due(Member member, RuleSet rules) => Math.Min(member.Care.ThanksDue, member.Care.GreetingDue);

    /// <summary>Its due time (<see cref="Turn.At"/>) has come: afterwards <see cref="Due"/> must be later.</summary>
    public static void OnWake(ref Turn turn)
    {
        ref var state = ref turn.Member.Care;
        if (state.ThanksDue <= turn.At)
        {
            state.ThanksDue = Gate(ref turn, "care." + Thanks, Thanks, turn.Keep(state.ThanksCause.Span)) ?? Member.Never;
        }

        if (state.GreetingDue > turn.At) return;
        if (Gate(ref turn, "care." + Greeting, Greeting, turn.Period("birthday"u8, state.GreetingYear)) is { } held)
        {
            state.GreetingDue = held;
            return;
        }

        state.GreetedYear = state.GreetingYear;
        do
        {
            // More than one year at a time when the wake came so late that the next birthday has passed too.
            state.GreetingYear++;
            state.GreetingDue = InstantOf(turn.Member, turn.Rules.Care);
        }
        while (state.GreetingDue <= turn.At);
    }

    /// <summary>Works out due times under new rules.</summary>
    public static void Settle(Member member, RuleSet rules) => PlanGreeting(member, rules.Care);

    // Null when the action left or was suppressed; else when it is to be tried again.
    private static long? Gate(ref Turn turn, string rule, string action, Text cause)
    {
        var member = turn.Member;
        var rules = turn.Rules.Care;
        var now = Math.Max(turn.Now, turn.At);
        if (member.Profile.Left)
        {
            Suppress(ref turn, rule, action, cause, "left");
            return null;
        }

        var channel = Channel(member.Profile, rules);
        if (channel.IsEmpty)
        {
            Suppress(ref turn, rule, action, cause, "no-consent");
            return null;
        }

        if (QuietHours.EndsAt(member.Profile.Zone, now, rules.QuietFrom, rules.QuietUntil) is { } end) return end;

        var sent = member.Care.SentWithinWeek(now);
        if (sent >= rules.WeeklyCap)
        {
            ref var capped = ref Suppress(ref turn, rule, action, cause, "frequency-cap");
            capped.Because("sentWithinWeek", sent);
            capped.Because("weeklyCap", rules.WeeklyCap);
            return null;
        }

        member.Care.Sent(now);
        ref var effect = ref turn.Emit(EffectKind.CareAction, rule, cause);
        effect.To = action;
        effect.Subject = channel;
        effect.Because("sentWithinWeek", sent + 1);
        return null;
    }

    private static ref Effect Suppress(ref Turn turn, string rule, string action, Text cause, string reason)
    {
        ref var effect = ref turn.Emit(EffectKind.CareSuppressed, rule, cause);
        effect.To = action;
        effect.Reason = reason;
        return ref effect;
    }

    // The first channel in the member's order, then in that of the rules, that can be used and is allowed; empty for none.
    private static Text Channel(in ProfileState profile, CareRules rules)
    {
        foreach (var wanted in profile.Channels)
        {
            foreach (var channel in rules.ChannelNames)
            {
                if (Text.SameLetters(channel.Span, wanted.Name) && Allowed(profile, rules, channel)) return channel;
            }
        }

        foreach (var channel in rules.ChannelNames)
        {
            if (Allowed(profile, rules, channel)) return channel;
        }

        return default;
    }

    private static bool Allowed(in ProfileState profile, CareRules rules, Text channel) => profile.Consent.To(channel.Span) ?? !rules.RequireConsent;

    // A birthday newly told is greeted the next time it comes; one that moved with zone or rules keeps its year.
    private static void PlanGreeting(Member member, CareRules rules)
    {
        ref var state = ref member.Care;
        var birthday = member.Profile.Birthday;
        var planned = state.GreetingDue != Member.Never && state.Birthday == birthday;
        state.Birthday = birthday;
        state.GreetingDue = Member.Never;
        if (!birthday.IsKnown || !rules.BirthdayGreeting) return;

        if (!planned)
        {
            var today = Time.DateOf(member.Profile.Zone.DayAt(member.Now));
            state.GreetingYear = Math.Max(today.Year, state.GreetedYear + 1);
            if (InstantOf(member, rules) < member.Now) state.GreetingYear++;
        }

        state.GreetingDue = InstantOf(member, rules);
    }

    private static long InstantOf(Member member, CareRules rules) => member.Profile.Zone.InstantOf(
        member.Profile.Birthday.DayIn(member.Care.GreetingYear, rules.LeapDay == LeapDay.March1),
        (int)(rules.BirthdayAt.Ticks / TimeSpan.TicksPerMillisecond));
}
