using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Grains.Placement;

namespace Streaming.Grains.Tests.Placement;

/// <summary>Every bucket has one owner; who comes or goes moves no more than its share.</summary>
public sealed class BucketMapLaws
{
    private const int Buckets = 256;

    private static readonly Arbitrary<SiloAddress[]> Silos =
        (from count in Gen.Choose(1, 12)
         from generations in Gen.Choose(1, 1_000_000).ArrayOf(count)
         select generations.Select((g, i) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11_000 + i), g)).ToArray()).ToArbitrary();

    [Fact]
    public void Every_bucket_has_one_owner_independent_of_the_order_of_silos() =>
        Prop.ForAll(Silos, silos =>
        {
            var map = new BucketMap(Buckets, silos);
            var other = new BucketMap(Buckets, silos.Reverse());
            return silos.SelectMany(map.Of).Order().SequenceEqual(Enumerable.Range(0, Buckets))
                && Enumerable.Range(0, Buckets).All(b => map.Owner(b)!.Equals(other.Owner(b)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_silo_that_joins_takes_about_its_share_and_nothing_moves_between_the_others() =>
        Prop.ForAll(Silos, silos =>
        {
            var joins = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 12_000), 7);
            var before = new BucketMap(Buckets, silos);
            var after = new BucketMap(Buckets, [.. silos, joins]);
            var moved = Enumerable.Range(0, Buckets).Where(b => !after.Owner(b)!.Equals(before.Owner(b))).ToList();
            var share = (double)Buckets / (silos.Length + 1);

            // of 256 buckets each takes a share with a standard deviation below √share: five of them off is no law of chance any more
            return moved.All(b => after.Owner(b)!.Equals(joins)) && Math.Abs(moved.Count - share) <= 5 * Math.Sqrt(share);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void When_a_silo_leaves_only_its_own_buckets_move() =>
        Prop.ForAll(Silos, silos =>
        {
            var before = new BucketMap(Buckets, silos);
            var after = new BucketMap(Buckets, silos.Skip(1));
            return Enumerable.Range(0, Buckets).All(b => before.Owner(b)!.Equals(silos[0]) || before.Owner(b)!.Equals(after.Owner(b)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Without_silos_nobody_owns_anything() =>
        Assert.All(Enumerable.Range(0, Buckets), b => Assert.Null(new BucketMap(Buckets, []).Owner(b)));
}
