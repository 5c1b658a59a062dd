using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Profiles;
using Streaming.Members.Rules;

namespace Streaming.Members.CareActions;

/// <summary>Care actions: thanks for the first purchase, a greeting on the birthday.</summary>
/// <remarks>
/// Each passes the same gate, judged on the member's clock: a member that left, or refuses every channel, gets no action. An action whose
/// occasion is too long ago lapses. In quiet hours an action is held until they end and then judged again. Above the weekly cap it is not
/// sent. A held action carries its time, a suppressed one its reason. The birthday greeting has a reserved place in the weekly cap.
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
                state.ThanksSince = turn.At;
                state.ThanksHeld = 0;
                if (Gate(ref turn, ThanksOccasion(ref turn, turn.Cause), ref state.ThanksHeld) is not { } held) break;
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
            state.ThanksDue = Gate(ref turn, ThanksOccasion(ref turn, turn.Keep(state.ThanksCause.Span)),
                ref state.ThanksHeld) ?? Member.Never;
        }

        if (state.GreetingDue > turn.At) return;
        if (Gate(ref turn, GreetingOccasion(ref turn), ref state.GreetingHeld) is { } held)
        {
            state.GreetingDue = held;
            return;
        }

        state.GreetedYear = state.GreetingYear;
        state.GreetingHeld = 0;
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

    /// <summary>Held actions and until when they are held, for whoever shows the member; allocates.</summary>
    public static IEnumerable<(string Action, long Until)> Held(Member member)
    {
        if (member.Care.ThanksDue != Member.Never) yield return (Thanks, member.Care.ThanksDue);
        if (member.Care.GreetingHeld > 0) yield return (Greeting, member.Care.GreetingDue);
    }

    private static Occasion ThanksOccasion(ref Turn turn, Text cause) =>
        new("care." + Thanks, Thanks, cause, turn.Member.Care.ThanksSince, IsGreeting: false);

    private static Occasion GreetingOccasion(ref Turn turn) => new(
        "care." + Greeting, Greeting, turn.Period("birthday"u8, turn.Member.Care.GreetingYear), InstantOf(turn.Member, turn.Rules.Care),
            IsGreeting: true);

    // Null when the action was sent or suppressed; else when it is judged again, epoch milliseconds.
    private static long? Gate(ref Turn turn, in Occasion occasion, ref int holds)
    {
        var member = turn.Member;
        var rules = turn.Rules.Care;
        if (member.Profile.Left)
        {
            Suppress(ref turn, occasion, "left");
            return null;
        }

        var channel = Channel(member.Profile, rules);
        if (channel.IsEmpty)
        {
            Suppress(ref turn, occasion, "no-consent");
            return null;
        }

        var end = QuietHours.EndsAt(member.Profile.Zone, turn.Now, rules.QuietFrom, rules.QuietUntil);
        var leaves = end ?? turn.Now;
        if (leaves - occasion.At > rules.NotAfterHours * Time.Hour)
        {
            ref var lapsed = ref Suppress(ref turn, occasion, "lapsed");
            lapsed.Because("hours", (double)(leaves - occasion.At) / Time.Hour);
            lapsed.Because("notAfterHours", rules.NotAfterHours);
            return null;
        }

        if (end is { } until)
        {
            ref var held = ref Emit(ref turn, EffectKind.CareHeld, occasion, "quiet-hours");
            held.Ordinal = holds++;
            held.Until = held.Value = until;
            return until;
        }

        var sent = member.Care.SentWithinWeek(turn.Now);
        var reserved = member.Care.GreetingDue - turn.Now < Time.Week ? 1 : 0;
        if (!occasion.IsGreeting && sent + reserved >= rules.WeeklyCap)
        {
            ref var capped = ref Suppress(ref turn, occasion, "frequency-cap");
            capped.Because("sentWithinWeek", sent);
            capped.Because("reservedForBirthday", reserved);
            capped.Because("weeklyCap", rules.WeeklyCap);
            return null;
        }

        member.Care.Sent(turn.Now);
        ref var effect = ref Emit(ref turn, EffectKind.CareAction, occasion, null);
        effect.Subject = channel;
        effect.Because("sentWithinWeek", sent + 1);
        return null;
    }

    private static ref Effect Suppress(ref Turn turn, in Occasion occasion, string reason) =>
        ref Emit(ref turn, EffectKind.CareSuppressed, occasion, reason);

    private static ref Effect Emit(ref Turn turn, EffectKind kind, in Occasion occasion, string? reason)
    {
        ref var effect = ref turn.Emit(kind, occasion.Rule, occasion.Cause);
        effect.To = occasion.Action;
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

    private static bool Allowed(in ProfileState profile, CareRules rules, Text channel) =>
        profile.Allows(channel.Span, unasked: !rules.RequireConsent);

    // A new birthday is greeted at its next date. If only the zone or the rules changed, the planned year stays.
    private static void PlanGreeting(Member member, CareRules rules)
    {
        ref var state = ref member.Care;
        var birthday = member.Profile.Birthday;
        var planned = state.GreetingDue != Member.Never && state.Birthday == birthday;
        if (planned && state.GreetingHeld > 0 && rules.BirthdayGreeting) return; // it is under way
        state.Birthday = birthday;
        state.GreetingDue = Member.Never;
        state.GreetingHeld = 0;
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

    // What an action is for, and when that was.
    private readonly record struct Occasion(string Rule, string Action, Text Cause, long At, bool IsGreeting);
}
