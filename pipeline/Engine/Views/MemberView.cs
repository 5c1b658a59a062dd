using System.Globalization;
using Streaming.Members;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Members.Rules;

namespace Streaming.Engine.Views;

/// <summary>A member as operators see it: what <c>GET /v1/members/{id}</c> answers. Times are RFC 3339, sums decimal.</summary>
/// <remarks>The order of the properties here and in its parts is their order in the answer.</remarks>
public sealed record MemberView
{
    /// <summary>The member's id.</summary>
    public required string Member { get; init; }

    /// <summary>Engagement score, decayed to the moment of the question.</summary>
    public required double Score { get; init; }

    /// <summary>Its parts by topic; <c>signals</c> is the influence, which is no part of it.</summary>
    public required IReadOnlyDictionary<string, double> Scores { get; init; }

    /// <summary>Lifecycle stage.</summary>
    public required string Stage { get; init; }

    /// <summary>Since when it has this stage.</summary>
    public required string? StageSince { get; init; }

    /// <summary>Tier by score and spending.</summary>
    public required string Tier { get; init; }

    /// <summary>True for a key opinion consumer.</summary>
    public required bool Koc { get; init; }

    /// <summary>Time of its first event.</summary>
    public required string? FirstSeen { get; init; }

    /// <summary>Time of its latest event.</summary>
    public required string? LastSeen { get; init; }

    /// <summary>Time of the latest thing it did itself.</summary>
    public required string? LastActive { get; init; }

    /// <summary>Events applied.</summary>
    public required long Events { get; init; }

    /// <summary>The last of them, newest first; at most <see cref="Streaming.Members.EventHistory.LastEventsState.Capacity"/>.</summary>
    public required IReadOnlyList<LastEventView> LastEvents { get; init; }

    /// <summary>Payments, refunds, cancellations and the net sums by currency.</summary>
    public required PurchasesView Purchases { get; init; }

    /// <summary>Churn outlook.</summary>
    public required ChurnView Churn { get; init; }

    /// <summary>Points to spend.</summary>
    public required long Points { get; init; }

    /// <summary>Points that a refund took back after they were spent: the next earned repay them.</summary>
    public required long PointsOwed { get; init; }

    /// <summary>Growth value, which spending points does not reduce.</summary>
    public required long Growth { get; init; }

    /// <summary>Level by growth value, by name.</summary>
    public required string Level { get; init; }

    /// <summary>Badges earned, by name.</summary>
    public required IReadOnlyList<string> Badges { get; init; }

    /// <summary>Check-in streak.</summary>
    public required StreakView Streak { get; init; }

    /// <summary>Care actions under way.</summary>
    public required CareView Care { get; init; }

    /// <summary>What was declared about it, as far as others need to know.</summary>
    public required FactsView Facts { get; init; }

    /// <summary>When the member is looked at again without an event.</summary>
    public required string? Due { get; init; }

    /// <summary>Version of the rules it was settled under.</summary>
    public required string Rules { get; init; }

    /// <summary>The view of a member as of <paramref name="now"/> (epoch milliseconds; earlier
    /// than its clock counts as its clock). Changes nothing.</summary>
    public static MemberView Of(Member member, RuleSet rules, long now)
    {
        now = Math.Max(Math.Min(now, Time.Latest), member.Now);
        return new MemberView
        {
            Member = member.Id.ToString(),
            Score = Members.Scoring.Score.At(member.Score, rules.Score, now),
            Scores = Enum.GetValues<Topic>().ToDictionary(
                topic => topic.ToString().ToLowerInvariant(),
                topic => Members.Scoring.Score.At(member.Score, rules.Score, now, topic)),
            Stage = member.Lifecycle.Stage.Name(),
            StageSince = Time.Text(member.Lifecycle.StageSince),
            Tier = member.Lifecycle.Tier.Name(),
            Koc = member.Lifecycle.IsKoc,
            FirstSeen = Time.Text(member.FirstSeen),
            LastSeen = Time.Text(member.LastSeen),
            LastActive = Time.Text(member.LastActive),
            Events = member.Events,
            LastEvents = LastEventView.Of(member.LastEvents),
            Purchases = PurchasesView.Of(member.Spending),
            Churn = ChurnView.Of(member, rules, now),
            Points = member.Points.Balance,
            PointsOwed = member.Points.Owed,
            Growth = member.Growth.Growth,
            Level = rules.Levels.Of(member.Growth).Name,
            Badges = [.. rules.Badges.List.Where(badge => member.Badges.Has(badge.Number)).Select(badge => badge.Name)],
            Streak = new StreakView(member.Streak.Length, member.Streak.Longest),
            Care = CareView.Of(member, now),
            Facts = FactsView.Of(member.Profile, rules.Care),
            Due = Time.Text(member.Due),
            Rules = member.RulesVersion.ToString("x16", CultureInfo.InvariantCulture),
        };
    }
}
