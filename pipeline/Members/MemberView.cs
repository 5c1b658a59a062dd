using Streaming.Members.Amounts;
using Streaming.Members.CareActions;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.EventHistory;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Orders;
using Streaming.Members.Profiles;
using Streaming.Members.Rules;

namespace Streaming.Members;

/// <summary>A member as operators see it: what <c>GET /v1/members/{id}</c> answers. Times are RFC 3339, sums decimal.</summary>
/// <param name="Member">The member's id.</param>
/// <param name="Score">Engagement score, decayed to the moment of the question.</param>
/// <param name="Scores">Its parts by topic; <c>signals</c> is the influence, which is no part of it.</param>
/// <param name="Stage">Lifecycle stage.</param>
/// <param name="StageSince">Since when.</param>
/// <param name="Tier">Tier by score and spending.</param>
/// <param name="Koc">True for a key opinion consumer.</param>
/// <param name="FirstSeen">Time of its first event.</param>
/// <param name="LastSeen">Time of its latest event.</param>
/// <param name="LastActive">Time of the latest thing it did itself.</param>
/// <param name="Events">Events applied.</param>
/// <param name="LastEvents">The last of them, newest first; at most <see cref="LastEventsState.Capacity"/>.</param>
/// <param name="Purchases">Payments, refunds, cancellations and the net sums by currency.</param>
/// <param name="Churn">Churn outlook.</param>
/// <param name="Points">Points to spend.</param>
/// <param name="PointsOwed">Points that a refund took back after they were spent: the next earned repay them.</param>
/// <param name="Growth">Growth value, which spending points does not reduce.</param>
/// <param name="Level">Level by growth value, by name.</param>
/// <param name="Badges">Badges earned, by name.</param>
/// <param name="Streak">Check-in streak.</param>
/// <param name="Care">Care actions under way.</param>
/// <param name="Facts">What was declared about it, as far as others need to know.</param>
/// <param name="Due">When the member is looked at again without an event.</param>
/// <param name="Rules">Version of the rules it was settled under.</param>
public sealed record MemberView(
    string Member,
    double Score,
    IReadOnlyDictionary<string, double> Scores,
    string Stage,
    string? StageSince,
    string Tier,
    bool Koc,
    string? FirstSeen,
    string? LastSeen,
    string? LastActive,
    long Events,
    IReadOnlyList<LastEventView> LastEvents,
    PurchasesView Purchases,
    ChurnView Churn,
    long Points,
    long PointsOwed,
    long Growth,
    string Level,
    IReadOnlyList<string> Badges,
    StreakView Streak,
    CareView Care,
    FactsView Facts,
    string? Due,
    string Rules)
{
    /// <summary>The view of a member as of <paramref name="now"/> (epoch milliseconds; earlier
    /// than its clock counts as its clock). Changes nothing.</summary>
    public static MemberView Of(Member member, RuleSet rules, long now)
    {
        now = Math.Max(Math.Min(now, Time.Latest), member.Now);
        return new MemberView(
            member.Id.ToString(),
            Scoring.Score.At(member.Score, rules.Score, now),
            Enum.GetValues<Topic>().ToDictionary(
                topic => topic.ToString().ToLowerInvariant(),
                topic => Scoring.Score.At(member.Score, rules.Score, now, topic)),
            member.Lifecycle.Stage.Name(),
            Time.Text(member.Lifecycle.StageSince),
            member.Lifecycle.Tier.Name(),
            member.Lifecycle.IsKoc,
            Time.Text(member.FirstSeen),
            Time.Text(member.LastSeen),
            Time.Text(member.LastActive),
            member.Events,
            LastEventView.Of(member.LastEvents),
            PurchasesView.Of(member.Spending),
            ChurnView.Of(member, rules, now),
            member.Points.Balance,
            member.Points.Owed,
            member.Growth.Growth,
            (rules.Levels.Find(member.Growth.Announced) ?? rules.Levels[rules.Levels.Reached(member.Growth.Growth)]).Name,
            [.. rules.Badges.List.Where(badge => member.Badges.Has(badge.Number)).Select(badge => badge.Name)],
            new StreakView(member.Streak.Length, member.Streak.Longest),
            CareView.Of(member, now),
            FactsView.Of(member.Profile, rules.Care),
            Time.Text(member.Due),
            member.RulesVersion.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
    }
}

/// <summary>Declared facts: where the clock is read, who may be written to, and what was odd.</summary>
/// <param name="Timezone">Its time zone.</param>
/// <param name="Consent">Yes or no by channel; <c>*</c> speaks for every channel that is not named.</param>
/// <param name="Reach">By channel whether the member can be reached there, as far as was told; <c>*</c> as in consent.</param>
/// <param name="UnknownChannels">Those of them that the rules do not have.</param>
/// <param name="LeftOut">Facts that were left out.</param>
/// <param name="Warnings">What was ever odd: <c>birthday-invalid</c>, <c>timezone-unknown</c> and others.</param>
public sealed record FactsView(string Timezone, IReadOnlyDictionary<string, bool> Consent,
    IReadOnlyDictionary<string, bool> Reach, IReadOnlyList<string> UnknownChannels, long LeftOut, IReadOnlyList<string> Warnings)
{
    internal static FactsView Of(in ProfileState profile, CareRules rules)
    {
        var consent = profile.Consent.ToDictionary();
        var reach = profile.Reach.ToDictionary();
        var unknown = consent.Keys.Union(reach.Keys)
            .Where(channel => channel != "*" && !rules.Has(System.Text.Encoding.UTF8.GetBytes(channel)));
        return new FactsView(profile.Zone.Id, consent, reach, [.. unknown], profile.Ignored, profile.Warnings.All());
    }
}

/// <summary>A check-in streak, in days of the member's own time zone.</summary>
/// <param name="Days">Length of the latest one.</param>
/// <param name="Longest">Length of the longest one.</param>
public sealed record StreakView(int Days, int Longest);

/// <summary>What a member bought.</summary>
/// <param name="Paid">Payments.</param>
/// <param name="Refunded">Refunds.</param>
/// <param name="Cancelled">Cancellations.</param>
/// <param name="Spent">What was paid less what came back, by currency, with its decimals.</param>
public sealed record PurchasesView(long Paid, long Refunded, long Cancelled, IReadOnlyDictionary<string, decimal> Spent)
{
    internal static PurchasesView Of(in SpendingState spending)
    {
        var spent = new Dictionary<string, decimal>();
        for (var i = 0; i < spending.Count; i++)
            spent[Currencies.Name(spending[i].Currency)] = Currencies.Amount(spending[i].Currency, spending[i].Net);
        return new PurchasesView(spending.Paid, spending.Refunded, spending.Cancelled, spent);
    }
}

/// <summary>The churn outlook of a member.</summary>
/// <param name="Rule">Which rule speaks for it: <c>buyer-silence</c> (the purchase model), <c>gap</c>, <c>hiatus</c>, or <c>none</c> before
/// any activity and after leaving.</param>
/// <param name="PAlive">Probability of still being a buyer by the model; absent before the first purchase.</param>
/// <param name="ExpectedPurchases">Purchase days to expect in the next four weeks by the model; absent before the first purchase.</param>
/// <param name="DueAt">When the next alert falls due if the member stays silent; absent while one about silence is open.</param>
/// <param name="Alert">Reason of the open alert, of several the one raised last; absent without one.</param>
/// <param name="AlertSequence">Sequence number of the effect that raised it.</param>
/// <param name="Alerts">Every open alert.</param>
public sealed record ChurnView(
    string Rule, double? PAlive, double? ExpectedPurchases, string? DueAt, string? Alert, long? AlertSequence,
        IReadOnlyList<AlertView> Alerts)
{
    internal static ChurnView Of(Member member, RuleSet inForce, long now)
    {
        ref var churn = ref member.Churn;
        var rules = inForce.Churn;
        var alerts = churn.Alerts;
        Outlook.Next(member, inForce, out var rule);
        var buyer = churn.Days.Count > 0;
        var history = Outlook.History(churn, rules.Model, now);
        return new ChurnView(
            rule == AlertReason.None ? "none" : rule.Name(),
            buyer ? rules.Model.Parameters.Alive(history) : null,
            buyer ? rules.Model.Parameters.Expected(history, 4.0 * Time.Week / rules.Model.UnitLength) : null,
            Time.Text(member.AlertDue),
            alerts.Any ? alerts.Latest.Name() : null,
            alerts.Any ? alerts.SequenceOf(alerts.Latest) : null,
            [.. alerts.Open.Select(reason => new AlertView(reason.Name(), Time.Text(alerts.RaisedAt(reason)), alerts.SequenceOf(reason)))]);
    }
}

/// <summary>An open alert.</summary>
/// <param name="Reason">Its reason.</param>
/// <param name="Since">When it was raised.</param>
/// <param name="Sequence">Sequence number of the effect that raised it.</param>
public sealed record AlertView(string Reason, string? Since, long Sequence);

/// <summary>Care actions of a member.</summary>
/// <param name="Held">What quiet hours hold back.</param>
/// <param name="NextGreeting">When the next greeting on its birthday is due; absent without a birthday.</param>
/// <param name="SentWithinWeek">Actions that left within the last seven days.</param>
public sealed record CareView(IReadOnlyList<HeldView> Held, string? NextGreeting, int SentWithinWeek)
{
    internal static CareView Of(Member member, long now) => new(
        [.. Care.Held(member).Select(held => new HeldView(held.Action, Time.Text(held.Until)))],
        Time.Text(member.Care.GreetingDue),
        member.Care.SentWithinWeek(now));
}

/// <summary>A care action that is held.</summary>
/// <param name="Action">What is to be done.</param>
/// <param name="Until">When it is looked at again: the end of the quiet hours.</param>
public sealed record HeldView(string Action, string? Until);
