using Streaming.Members.Rules;

namespace Streaming.Members.ChurnRisk;

/// <summary>Which churn rule applies to a member and when its alert falls due. The time is solved from the state, not polled.</summary>
public static class Outlook
{
    /// <summary>
    /// When the alert falls due if the member stays silent, cooldown aside: the earliest of the rules that apply, and at the latest some
    /// days before the member is dormant (<see cref="ChurnRules.MarginDays"/>), which counts as the hiatus rule's. The purchase model
    /// applies to repeat buyers, the gap rule to members with a rhythm of visits, the hiatus rule to all others.
    /// </summary>
    /// <param name="member">The member.</param>
    /// <param name="rules">The rules in force.</param>
    /// <param name="rule">The rule that it falls due by; <see cref="AlertReason.None"/> before any activity and for a member that has
    /// left.</param>
    /// <returns>Epoch milliseconds, or <see cref="Member.Never"/>.</returns>
    public static long Next(Member member, RuleSet rules, out AlertReason rule)
    {
        rule = AlertReason.None;
        if (member.LastActive == 0 || member.Profile.Left) return Member.Never;

        ref var churn = ref member.Churn;
        var (gaps, model) = (ByGaps(churn, rules.Churn), ByModel(churn, rules.Churn));
        rule = AlertReason.Hiatus;
        var due = member.LastActive + Time.Days(HiatusDays(gaps || model, rules));
        if (gaps)
        {
            Take(AlertReason.Gap,
                member.LastActive + Time.Days(rules.Churn.Gaps.DueAfter(churn.Gaps.Mean, churn.Gaps.Deviation(rules.Churn.Gaps))),
                ref due, ref rule);
        }

        if (model)
        {
            Take(AlertReason.BuyerSilence, Math.Max(churn.ModelDue, member.LastActive + Time.Days(rules.Churn.Model.MinSilenceDays)),
                ref due, ref rule);
        }

        return due;

        static void Take(AlertReason reason, long at, ref long due, ref AlertReason rule)
        {
            if (at > due) return;
            due = at;
            rule = reason;
        }
    }

    /// <summary>Days of silence after which the hiatus rule speaks for a member: its own, or
    /// for who has another rule the latest before dormancy.</summary>
    public static double HiatusDays(Member member, RuleSet rules) =>
        HiatusDays(ByModel(member.Churn, rules.Churn) || ByGaps(member.Churn, rules.Churn), rules);

    private static double HiatusDays(bool hasAnother, RuleSet rules)
    {
        var latest = rules.Churn.LatestDays(rules.Lifecycle.DormantDays);
        return hasAnother ? latest : Math.Min(rules.Churn.HiatusDays, latest);
    }

    /// <summary>The buyer's history as the model takes it, as of an instant.</summary>
    public static PurchaseHistory History(in ChurnState churn, PurchaseModelRules model, long at) => new(
        churn.Days.Count - 1,
        (double)(churn.LastPurchase - churn.FirstPurchase) / model.UnitLength,
        (double)Math.Max(0, Math.Max(at, churn.LastPurchase) - churn.FirstPurchase) / model.UnitLength);

    /// <summary>Solves when the model's probability falls to its threshold: to be kept until the next purchase.</summary>
    internal static long SolveModel(in ChurnState churn, PurchaseModelRules model)
    {
        if (churn.Days.Count == 0) return Member.Never;
        var age = model.Parameters.FallsTo(History(churn, model, churn.LastPurchase), model.Threshold);
        var due = churn.FirstPurchase + Math.Ceiling(age * model.UnitLength);
        return due < LatestDue ? (long)due : Member.Never;
    }

    private static bool ByModel(in ChurnState churn, ChurnRules rules) =>
        churn.Days.Count > rules.Model.MinRepeats && churn.ModelDue != Member.Never;

    private static bool ByGaps(in ChurnState churn, ChurnRules rules) => churn.Gaps.Count >= rules.Gaps.MinGaps;

    // The year 9999: what is solved beyond it is never.
    private const double LatestDue = 253_402_300_799_999;
}
