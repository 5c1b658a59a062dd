using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Members.Rewards;

/// <summary>The points ledger: what purchases and activity earn, what is redeemed, adjusted and expires. Each entry is an effect.</summary>
/// <remarks>
/// Points are spent oldest first and never fall below 0. Growth value is earned beside them and never spent. A repeated event or request
/// does not come here: the duplicate windows stop it. What expired before a redemption or adjustment happened is taken off first, though
/// its wake may still wait for its proof.
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
            case EventKind.Paid: OnPurchase(ref turn); break;
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
    internal static ref Effect Earn(ref Turn turn, string rule, long points, long growth)
    {
        turn.Member.Growth.Add(growth);
        ref var state = ref turn.Member.Points;
        points = Math.Min(points, PointsState.MaxBalance - state.Balance);
        if (points > 0) Credit(ref turn, points);
        ref var effect = ref turn.Emit(EffectKind.PointsEarned, rule);
        effect.Points = points;
        effect.Value = state.Balance;
        return ref effect;
    }

    private static void OnPurchase(ref Turn turn)
    {
        var e = turn.Event;
        if (turn.Rules.Points.For(e.Currency) is not { } rule || e.Amount < rule.MinimumAmount) return;
        var points = Floor(e.Amount, rule.PointsPerUnit);
        var growth = Floor(e.Amount, rule.GrowthPerUnit);
        if (points == 0 && growth == 0) return;
        ref var effect = ref Earn(ref turn, rule.Path, points, growth);
        effect.Because("amount", e.Amount / 10_000.0);
        effect.Because("pointsPerUnit", rule.PointsPerUnit / 10_000.0);
        effect.Because("growth", growth);
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
        var enough = e.Points <= state.Balance;
        if (enough) state.Take(e.Points);
        ref var effect = ref turn.Emit(enough ? EffectKind.PointsSpent : EffectKind.RedeemRejected, Redeemed);
        effect.Points = enough ? -e.Points : 0;
        effect.Value = state.Balance;
        effect.Reason = enough ? null : "short";
        effect.Subject = e.Request;
        effect.Detail = e.Gift;
        effect.Because("cost", e.Points);
    }

    private static void OnAdjust(ref Turn turn)
    {
        Expire(ref turn);
        var e = turn.Event;
        ref var state = ref turn.Member.Points;
        var points = Math.Clamp(e.Points, -state.Balance, PointsState.MaxBalance - state.Balance);
        if (points < 0) state.Take(-points);
        else if (points > 0) Credit(ref turn, points);
        ref var effect = ref turn.Emit(EffectKind.PointsAdjusted, Adjusted);
        effect.Points = points;
        effect.Value = state.Balance;
        effect.Subject = e.Approver;
        effect.Detail = e.Reason;
        effect.Because("asked", e.Points);
    }

    private static void Expire(ref Turn turn)
    {
        ref var state = ref turn.Member.Points;
        while (state.NextExpiry <= turn.At)
        {
            var lot = state.Expire();
            ref var effect = ref turn.Emit(EffectKind.PointsExpired, Expired, turn.Period("expiry"u8, lot.Day));
            effect.At = lot.Expires;
            effect.Points = -lot.Remaining;
            effect.Value = state.Balance;
        }
    }

    private static void Credit(ref Turn turn, long points)
    {
        ref var state = ref turn.Member.Points;
        var zone = turn.Member.Profile.Zone;
        var day = Math.Max(zone.DayAt(turn.At), state.ClosedDay + 1);
        if (state.TryAdd(day, points)) return;
        state.Add(day, zone.InstantOf(Time.AddMonths(day, turn.Rules.Points.ExpireAfterMonths) + 1), points);
    }

    // Both are ten-thousandths, so their product is in units of 10⁻⁸.
    private static long Floor(long amount, long perUnit) => (long)Int128.Min((Int128)amount * perUnit / 100_000_000, PointsState.MaxBalance);
}
