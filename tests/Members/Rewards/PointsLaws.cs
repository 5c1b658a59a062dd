using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using static Streaming.Members.Tests.MemberTimeline;

namespace Streaming.Members.Tests;

public class PointsLaws
{
    private const long Day = 86_400_000;

    private static readonly Arbitrary<Act[]> Lives = (
        from kind in Gen.Frequency((4, Gen.Constant('p')), (3, Gen.Constant('c')), (3, Gen.Constant('r')), (1, Gen.Constant('a')),
            (2, Gen.Constant('w')))
        from amount in Gen.Choose(0, 300)
        from gap in Gen.Frequency((6, Gen.Choose(0, 3)), (2, Gen.Choose(0, 60)), (2, Gen.Choose(340, 380)))
        from late in Gen.Frequency((4, Gen.Constant(0)), (1, Gen.Choose(0, 30)), (2, Gen.Choose(355, 375)))
        select new Act(kind, amount, gap, late)).NonEmptyListOf().Select(list => list.ToArray()).ToArbitrary();

    [Fact]
    public void Balance_is_the_sum_of_the_lots_and_of_the_ledger_and_never_negative() => Check((life, _) =>
    {
        var balance = life.Member.Points.Balance;
        Assert.True(balance >= 0);
        Assert.Equal(balance, Remaining(life).Sum(lot => lot.Points));
        Assert.Equal(balance, life.Effects.Where(IsEntry).Sum(e => e.Points));
    });

    [Fact]
    public void Every_entry_says_the_balance_after_it() => Check((life, _) =>
    {
        long balance = 0;
        foreach (var entry in life.Effects.Where(IsEntry)) Assert.Equal(balance += entry.Points, entry.Value);
    });

    [Fact]
    public void Points_are_spent_from_the_oldest_day_first() => Check((life, model) => Assert.Equal(model.Remaining, Remaining(life)));

    [Fact]
    public void No_lot_expires_twice_and_no_effect_has_the_id_of_another() => Check((life, _) =>
        Assert.Equal(life.Effects.Count, life.Effects.Select(e => e.Id).Distinct().Count()));

    [Fact]
    public void Growth_value_is_what_was_earned_and_never_falls() => Check((life, _) =>
    {
        var growth = life.Effects.Where(e => e.Kind == EffectKind.PointsEarned).Select(e => (long)e.Why["growth"]).ToList();
        Assert.All(growth, g => Assert.True(g >= 0));
        Assert.Equal(growth.Sum(), life.Member.Growth.Growth);
    });

    [Fact]
    public void Points_expire_at_midnight_after_twelve_months() => Check((life, _) =>
    {
        foreach (var expired in life.Effects.Where(e => e.Kind == EffectKind.PointsExpired))
        {
            var day = DateOnly.FromDayNumber(719_162 + int.Parse(expired.Cause.Split('/')[1], null));
            Assert.Equal(day.AddMonths(12).AddDays(1), DateOnly.FromDateTime(DateTime.UnixEpoch.AddMilliseconds(expired.At)));
            Assert.Equal(0, expired.At % Day);
        }
    });

    private static void Check(Action<MemberTimeline, Model> law) => Prop.ForAll(Lives, acts =>
    {
        var life = new MemberTimeline();
        var model = new Model();
        var now = Time("2024-01-01T08:00Z");
        foreach (var act in acts)
        {
            now += act.Gap * Day;
            var at = now - (act.Late * Day);
            switch (act.Kind)
            {
                case 'p': model.Take(life.Happens(EventKind.Paid, at, Paid(act.Amount), now), at); break;
                case 'c': model.Take(life.Happens(EventKind.Checkin, at, null, now), at); break;
                case 'r': model.Take(life.Happens(EventKind.Redeem, now, Redeem(act.Amount + 1, $"r-{life.Effects.Count}")), now); break;
                case 'a': model.Take(life.Happens(EventKind.Adjust, now, e => e.Points = act.Amount - 150), now); break;
                default: model.Take(life.Wakes(now), now); break;
            }

            law(life, model);
        }
    }).QuickCheckThrowOnFailure();

    private static bool IsEntry(EffectCopy e) => e.Kind is >= EffectKind.PointsEarned and <= EffectKind.PointsAdjusted;

    private static List<(int Day, long Points)> Remaining(MemberTimeline life) =>
        life.Member.Points.Lots.ToArray().Select(lot => (lot.Day, lot.Remaining)).ToList();

    private sealed record Act(char Kind, int Amount, int Gap, int Late);

    /// <summary>The ledger read naively: single points, each with its day, in a sorted list.</summary>
    private sealed class Model
    {
        private readonly SortedDictionary<int, long> byDay = [];
        private int closed = -1;

        public List<(int Day, long Points)> Remaining => byDay.Select(lot => (lot.Key, lot.Value)).ToList();

        public void Take(IReadOnlyList<EffectCopy> effects, long at)
        {
            foreach (var effect in effects.Where(IsEntry))
            {
                if (effect.Kind == EffectKind.PointsExpired)
                {
                    closed = byDay.Keys.First();
                    Assert.Equal(-effect.Points, byDay[closed]);
                    byDay.Remove(closed);
                }
                else if (effect.Points > 0)
                {
                    var day = Math.Max((int)(at / Day), closed + 1);
                    byDay[day] = byDay.GetValueOrDefault(day) + effect.Points;
                }

                if (effect.Kind == EffectKind.PointsExpired) continue;
                for (var left = -effect.Points; left > 0;)
                {
                    var day = byDay.Keys.First();
                    var taken = Math.Min(left, byDay[day]);
                    left -= taken;
                    if ((byDay[day] -= taken) == 0) byDay.Remove(day);
                }
            }
        }
    }
}
