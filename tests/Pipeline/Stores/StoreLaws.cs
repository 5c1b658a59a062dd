using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Storing;

namespace Streaming.Pipeline.Tests.Stores;

/// <summary>A commit is there as a whole or not at all, and stays for as long as somebody still needs it.</summary>
public sealed class StoreLaws
{
    [Fact]
    public void A_commit_that_fails_leaves_nothing()
    {
        using var place = new TemporaryStore();
        place.Store.Commit(TemporaryStore.Commit(1, default, 8, new TestBlock("activity", 1)));

        // Everything but the last block could be written; that one's number is taken.
        var refused = Assert.Throws<StoreException>(() =>
            place.Store.Commit(TemporaryStore.Commit(2, default, 8, new TestBlock("points", 1), new TestBlock("activity", 1))));
        Assert.False(refused.Retryable);

        var store = place.Reopen();
        Assert.Equal(1, store.Head.Commit);
        Assert.Equal(1_001, store.Head.Now);
        Assert.Equal(10, Assert.Single(store.Head.Positions).Next);
        Assert.Equal([1L], store.CommitsAfter(0).Select(c => c.Number));
        Assert.Empty(store.Blocks.Pending("points", 10));
        Assert.False(store.LastBlockNumbers.ContainsKey("points"));
        using (var reader = store.OpenReader()) Assert.False(reader.TryRead([1, 2], out _));

        store.Commit(TemporaryStore.Commit(2, default, 8, new TestBlock("points", 1), new TestBlock("activity", 2)));
        Assert.Equal(2, place.Reopen().Head.Commit);
    }

    [Fact]
    public void A_commit_stays_until_it_is_in_snapshots_sent_and_formed()
    {
        var progress = from settled in Gen.Choose(0, 12) from sent in Gen.Choose(0, 12) from formed in Gen.Choose(0, 12)
            select new Progress(settled, sent, formed);
        Prop.ForAll(Gen.ArrayOf(progress, 12).ToArbitrary(), steps =>
        {
            using var place = new TemporaryStore();
            var passed = 0L;
            for (var n = 1; n <= steps.Length; n++)
            {
                // A reader behind is never further than the commit before this one.
                var before = new Progress(Math.Min(steps[n - 1].Settled, n - 1), Math.Min(steps[n - 1].Sent, n - 1),
                    Math.Min(steps[n - 1].Formed, n - 1));
                place.Store.Commit(TemporaryStore.Commit(n, before));
                passed = Math.Max(passed, Math.Min(before.Settled, Math.Min(before.Sent, before.Formed)));
            }

            var spooled = place.Store.SpoolBytes;
            var store = place.Reopen();
            Assert.Equal(Enumerable.Range(1, steps.Length).Select(n => (long)n).Where(n => n > passed), store.CommitsAfter(0)
                .Select(c => c.Number));
            Assert.All(store.CommitsAfter(0), c => Assert.Equal(-c.Number, BitConverter.ToInt64(store.Outputs(c.Number))));
            Assert.Equal(spooled, store.SpoolBytes);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(8));
    }
}
