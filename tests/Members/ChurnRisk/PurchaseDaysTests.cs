using FsCheck;
using FsCheck.Fluent;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Snapshots;

namespace Streaming.Members.Tests;

public class PurchaseDaysTests
{
    [Fact]
    public void Days_in_order_are_counted_once_each() => Prop.ForAll(Purchases, hours =>
    {
        var days = default(PurchaseDays);
        foreach (var hour in hours.Order()) days.Add(hour / 24);
        return days.Count == hours.Select(h => h / 24).Distinct().Count();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Eight_days_may_come_in_any_order() => Prop.ForAll(Gen.Shuffle([1, 2, 2, 5, 9, 9, 30, 31, 40, 41]).ToArbitrary(), shuffled =>
    {
        var days = default(PurchaseDays);
        foreach (var day in shuffled) days.Add(day);
        return days.Count == 8;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_day_older_than_the_last_eight_counts_only_as_the_first_day()
    {
        var days = default(PurchaseDays);
        for (var day = 10; day < 20; day++) days.Add(day);
        days.Add(11);
        Assert.Equal(10, days.Count);
        days.Add(5);
        Assert.Equal(11, days.Count);
        days.Add(7);
        Assert.Equal(11, days.Count);
    }

    [Fact]
    public void Purchase_days_survive_a_snapshot() => Prop.ForAll(Purchases, hours =>
    {
        var days = default(PurchaseDays);
        foreach (var hour in hours) days.Add(hour / 24);
        var read = default(PurchaseDays);
        var reader = new SnapshotReader(Bytes(days));
        read.Read(ref reader);
        return reader.AtEnd && Bytes(read).AsSpan().SequenceEqual(Bytes(days));
    }).QuickCheckThrowOnFailure();

    private static Arbitrary<int[]> Purchases => Gen.ListOf(Gen.Choose(24, 2400)).Select(l => l.ToArray()).ToArbitrary();

    private static byte[] Bytes(PurchaseDays days)
    {
        var writer = new SnapshotWriter();
        days.Write(writer);
        return writer.Written.ToArray();
    }
}
