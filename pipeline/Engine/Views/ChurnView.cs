using Streaming.Members;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Rules;

namespace Streaming.Engine.Views;

/// <summary>The churn outlook of a member.</summary>
public sealed record ChurnView
{
    /// <summary>Which rule speaks for it: <c>buyer-silence</c> (the purchase model), <c>gap</c>, <c>hiatus</c>, or <c>none</c> before
    /// any activity and after leaving.</summary>
    public required string Rule { get; init; }

    /// <summary>Probability of still being a buyer by the model; absent before the first purchase.</summary>
    public required double? PAlive { get; init; }

    /// <summary>Purchase days to expect in the next four weeks by the model; absent before the first purchase.</summary>
    public required double? ExpectedPurchases { get; init; }

    /// <summary>When the next alert falls due if the member stays silent; absent while one about silence is open.</summary>
    public required string? DueAt { get; init; }

    /// <summary>Reason of the open alert, of several the one raised last; absent without one.</summary>
    public required string? Alert { get; init; }

    /// <summary>Sequence number of the effect that raised it.</summary>
    public required long? AlertSequence { get; init; }

    /// <summary>Every open alert.</summary>
    public required IReadOnlyList<AlertView> Alerts { get; init; }

    internal static ChurnView Of(Member member, RuleSet inForce, long now)
    {
        ref var churn = ref member.Churn;
        var rules = inForce.Churn;
        var alerts = churn.Alerts;
        Outlook.Next(member, inForce, out var rule);
        var buyer = churn.Days.Count > 0;
        var history = Outlook.History(churn, rules.Model, now);
        return new ChurnView
        {
            Rule = rule == AlertReason.None ? "none" : rule.Name(),
            PAlive = buyer ? rules.Model.Parameters.Alive(history) : null,
            ExpectedPurchases = buyer ? rules.Model.Parameters.Expected(history, 4.0 * Time.Week / rules.Model.UnitLength) : null,
            DueAt = Time.Text(member.AlertDue),
            Alert = alerts.Any ? alerts.Latest.Name() : null,
            AlertSequence = alerts.Any ? alerts.SequenceOf(alerts.Latest) : null,
            Alerts = [.. alerts.Open.Select(reason =>
                new AlertView(reason.Name(), Time.Text(alerts.RaisedAt(reason)), alerts.SequenceOf(reason)))],
        };
    }
}

/// <summary>An open alert.</summary>
/// <param name="Reason">Its reason.</param>
/// <param name="Since">When it was raised.</param>
/// <param name="Sequence">Sequence number of the effect that raised it.</param>
public sealed record AlertView(string Reason, string? Since, long Sequence);
