using Streaming.Members.Deduplication;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Members.Rewards.PointsAccount;

/// <summary>The points ledger: what purchases and activity earn, what is redeemed, adjusted and expires. Each entry is an effect.</summary>
/// <remarks>
/// Points are spent oldest first. What a refund takes back beyond what is there is owed, and the next that is earned repays it. Growth
/// value is earned beside them and never spent. A repeated event does not come here. Before a redemption, adjustment or refund the points
/// that have expired by its time are removed, even if the wake for them has not been proven yet. The balance after an entry is points less
/// what is owed: the
/// sum of the ledger.
/// </remarks>
public static class Points
{
    private const string Redeemed = "points.redeem";
    private const string Adjusted = "points.adjust";
    private const string Expired = "points.expiry";

    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
        switch (turn.Event.Kind)
        {
            case EventKind.Paid or EventKind.Refunded or EventKind.Cancelled: OrderPoints.OnEvent(ref turn); break;
            case EventKind.Redeem: OnRedeem(ref turn); break;
            case EventKind.Adjust: OnAdjust(ref turn); break;
            default: OnActivity(ref turn); break;
        }
    }

    /// <summary>When the oldest lot expires, or <see cref="Member.Never"/>.</summary>
    public static long Due(Member member, RuleSet rules) => member.Points.NextExpiry;

    /// <summary>Its due time (<see cref="Turn.At"/>) has come: afterwards <see cref="Due"/> must be later.</summary>
    public static void OnWake(ref Turn turn) => Expire(ref turn);

    /// <summary>Credits points and growth value to the day of the event.</summary>
    /// <returns>The ledger's entry, for its further fields. Valid until the next effect is added.</returns>
    internal static ref Effect Earn(ref Turn turn, string rule, long points, long growth) =>
        ref Earn(ref turn, rule, ref points, ref growth, out _);

    /// <summary>The same, for one who must know what was credited.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="rule">Name of the rule.</param>
    /// <param name="points">Points to credit; afterwards those credited: no more than the largest balance allows.</param>
    /// <param name="growth">Growth value likewise.</param>
    /// <param name="day">Local day of the lot they went to.</param>
    internal static ref Effect Earn(ref Turn turn, string rule, scoped ref long points, scoped ref long growth, scoped out int day)
    {
        growth = turn.Member.Growth.Add(growth);
        ref var state = ref turn.Member.Points;
        points = Math.Min(points, PointsState.MaxBalance - state.Balance + state.Owed);
        day = Credit(ref turn, points);
        ref var effect = ref turn.Emit(EffectKind.PointsEarned, rule);
        effect.Points = points;
        effect.Value = state.Balance - state.Owed;
        return ref effect;
    }

    private static void OnActivity(ref Turn turn)
    {
        if (turn.Rules.Points.For(turn.Event.Kind) is not { } rule) return;
        var count = 0;
        if (rule.DailyCap > 0)
        {
            count = turn.Member.Points.Counts.Take(rule.Key, turn.Member.Profile.Zone.DayAt(turn.At), rule.DailyCap);
            if (count == 0) return;
        }

        ref var effect = ref Earn(ref turn, rule.Path, rule.Points, rule.Growth);
        effect.Because("growth", rule.Growth);
        if (rule.DailyCap == 0) return;
        effect.Because("today", count);
        effect.Because("dailyCap", rule.DailyCap);
    }

    private static void OnRedeem(ref Turn turn)
    {
        Expire(ref turn);
        var e = turn.Event;
        ref var state = ref turn.Member.Points;
        var request = Duplicates.RequestOf(e, turn.EventHash);
        var granted = turn.Member.Requests.Find(request);
        var enough = granted == 0 && e.Points <= state.Balance;
        if (enough) state.Take(e.Points);
        ref var effect = ref turn.Emit(granted != 0 ? EffectKind.RedeemRepeated : enough
            ? EffectKind.PointsSpent
            : EffectKind.RedeemRejected, Redeemed);
        effect.Points = enough ? -e.Points : 0;
        effect.Value = state.Balance - state.Owed;
        effect.Reason = granted != 0 ? "granted" : enough ? null : "short";
        effect.Subject = e.Request;
        effect.Detail = e.Gift;
        effect.Because("cost", e.Points);
        if (granted != 0) effect.Because("sequence", granted);
        if (enough) turn.Member.Requests.Add(new Request(request, turn.At, effect.Sequence));
    }

    private static void OnAdjust(ref Turn turn)
    {
        Expire(ref turn);
        var e = turn.Event;
        ref var state = ref turn.Member.Points;
        var points = Math.Clamp(e.Points, -state.Balance, PointsState.MaxBalance - state.Balance + state.Owed);
        if (points < 0) state.Take(-points);
        else Credit(ref turn, points);
        ref var effect = ref turn.Emit(EffectKind.PointsAdjusted, Adjusted);
        effect.Points = points;
        effect.Value = state.Balance - state.Owed;
        effect.Subject = e.Approver;
        effect.Detail = e.Reason;
        effect.Because("asked", e.Points);
        turn.Member.Requests.Add(new Request(Duplicates.RequestOf(e, turn.EventHash), turn.At, effect.Sequence));
    }

    /// <summary>Takes off what has expired.</summary>
    internal static void Expire(ref Turn turn)
    {
        ref var state = ref turn.Member.Points;
        while (state.NextExpiry <= turn.At)
        {
            var lot = state.Expire();
            if (turn.Member.Orders.HasPointsOf(lot.Day))
            {
                state.Expired.Forget(turn.Member.Orders);
                state.Expired.Remember(lot);
            }

            ref var effect = ref turn.Emit(EffectKind.PointsExpired, Expired, turn.Period("expiry"u8, lot.Day));
            effect.At = lot.Expires;
            effect.Points = -lot.Remaining;
            effect.Value = state.Balance - state.Owed;
        }
    }

    // What is owed is repaid first; the rest goes to the lot of the day that is returned.
    private static int Credit(ref Turn turn, long points)
    {
        ref var state = ref turn.Member.Points;
        var zone = turn.Member.Profile.Zone;
        var day = Math.Max(zone.DayAt(turn.At), state.ClosedDay + 1);
        points = state.Repay(points);
        if (points == 0 || state.TryAdd(day, points)) return day;
        state.Add(day, zone.InstantOf(Time.AddMonths(day, turn.Rules.Points.ExpireAfterMonths) + 1), points);
        return day;
    }
}
