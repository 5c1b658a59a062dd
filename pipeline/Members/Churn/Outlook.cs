using Streaming.Members.Rules;

namespace Streaming.Members;

/// <summary>Which rule speaks for a member, and when its alert falls due: solved from the state, never polled.</summary>
public static class Outlook
{
    /// <summary>
    /// The rule that applies: the purchase model for who bought again, the gap rule for who has a rhythm of visits, else the plain
    /// hiatus rule; <see cref="AlertReason.None"/> before any activity and for who has
    /// left: that is no longer a risk.
    /// </summary>
    public static AlertReason RuleFor(Member member, ChurnRules rules)
    {
        ref var churn = ref member.Churn;
        if (member.LastActive == 0 || member.Profile.Left) return AlertReason.None;
        if (churn.Days.Count > rules.Model.MinRepeats && churn.ModelDue != Member.Never) return AlertReason.BuyerSilence;
        return churn.Gaps.Count >= rules.Gaps.MinGaps ? AlertReason.Gap : AlertReason.Hiatus;
    }

    /// <summary>When the rule's alert falls due if the member stays silent, cooldown aside; epoch milliseconds.</summary>
    public static long DueBy(AlertReason rule, Member member, ChurnRules rules) => rule switch
    {
        AlertReason.BuyerSilence => Math.Max(member.Churn.ModelDue, member.LastActive + Time.Days(rules.Model.MinSilenceDays)),
        AlertReason.Gap => member.LastActive + Time.Days(rules.Gaps.DueAfter(member.Churn.Gaps.Mean, Deviation(member.Churn, rules))),
        AlertReason.Hiatus => member.LastActive + Time.Days(rules.HiatusDays),
        _ => Member.Never,
    };

    /// <summary>The buyer's history as the model takes it, as of an instant.</summary>
    public static PurchaseHistory History(in ChurnState churn, PurchaseModelRules model, long at) => new(
        churn.Days.Count - 1,
        (double)(churn.LastPurchase - churn.FirstPurchase) / model.UnitLength,
        (double)Math.Max(0, Math.Max(at, churn.LastPurchase) - churn.FirstPurchase) / model.UnitLength);

    /// <summary>The deviation of the gaps, days, not below the least one to assume.</summary>
    public static double Deviation(in ChurnState churn, ChurnRules rules) => Math.Max(churn.Gaps.Deviation, rules.Gaps.MinDeviationDays);

    /// <summary>Solves when the model's probability falls to its threshold: to be kept until the next purchase.</summary>
    internal static long SolveModel(in ChurnState churn, PurchaseModelRules model)
    {
        if (churn.Days.Count == 0) return Member.Never;
        var age = model.Parameters.FallsTo(History(churn, model, churn.LastPurchase), model.Threshold);
        var due = churn.FirstPurchase + Math.Ceiling(age * model.UnitLength);
        return due < LatestDue ? (long)due : Member.Never;
    }

    // The year 9999: what is solved beyond it is never.
    private const double LatestDue = 253_402_300_799_999;
}
