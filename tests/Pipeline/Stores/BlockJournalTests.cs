using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Storing;
using Streaming.Stores.Sqlite;

namespace Streaming.Pipeline.Tests.Stores;

/// <summary>Large blocks are in journal files beside the database, at the place named by their row, until ClickHouse has them.</summary>
public sealed class BlockJournalTests
{
    private const int Large = Journal.Threshold;
    private static readonly string[] Tables = ["rewards", "changes"];

    private enum Do
    {
        Form,
        Fail,
        Deliver,
        Reopen,
    }

    [Fact]
    public void Waiting_blocks_read_back_unchanged_after_any_operations()
    {
        var step = from what in Gen.Frequency((4, Gen.Constant(Do.Form)), (1, Gen.Constant(Do.Fail)), (2, Gen.Constant(Do.Deliver)),
            (1, Gen.Constant(Do.Reopen)))
                   from table in Gen.Choose(0, 1)
                   from size in Gen.Elements(3, 100, Large - 1, Large, Large + 1, 3 * Large)
                   from second in Gen.Elements(0, 5, Large, 2 * Large)
                   select (what, table, size, second);
        Prop.ForAll(Gen.ListOf(step, 20).ToArbitrary(), steps =>
        {
            using var place = new TemporaryStore();
            var waiting = new List<TestBlock>();
            long[] numbers = [0, 0];
            var commit = 0L;
            foreach (var (what, table, size, second) in steps)
            {
                List<TestBlock> formed = [new(Tables[table], numbers[table] + 1, size)];
                if (second > 0) formed.Add(new(Tables[1 - table], numbers[1 - table] + 1, second));
                switch (what)
                {
                    case Do.Form:
                        place.Store.Commit(TemporaryStore.Commit(++commit, default, 8, [.. formed]));
                        waiting.AddRange(formed);
                        foreach (var block in formed) numbers[Array.IndexOf(Tables, block.Table)] = block.Number;
                        break;
                    case Do.Fail:
                        // one number twice
                        Assert.Throws<StoreException>(() =>
                            place.Store.Commit(TemporaryStore.Commit(commit + 1, default, 8, [.. formed, formed[0]])));
                        break;
                    case Do.Deliver:
                        place.Store.Blocks.Delivered(Tables[table], numbers[table] - 1);
                        waiting.RemoveAll(b => b.Table == Tables[table] && b.Number < numbers[table]);
                        break;
                    case Do.Reopen:
                        place.Reopen();
                        break;
                }

                Assert.Equal(waiting.Select(b => (b.Table, b.Number, b.Size)).Order(),
                    Tables.SelectMany(t => place.Store.Blocks.Pending(t, 100)).Select(b => (b.Table, b.Number, b.Bytes)).Order());
                Assert.Equal(waiting.Count, place.Store.BlocksWaiting);
                Assert.Equal(waiting.Sum(b => (long)b.Size), place.Store.SpoolBytes - (16 * commit));
                Assert.All(waiting, b => Assert.Equal(b.Bytes, place.Store.Blocks.Read(b.Table, b.Number)));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
    }

    [Fact]
    public void Blocks_of_all_sizes_are_read_back_as_they_were_formed()
    {
        using var place = new TemporaryStore();
        TestBlock[] blocks = [new("rewards", 1, Large), new("activity", 1), new("changes", 1, Large + 5), new("health", 1, Large - 1)];
        place.Store.Commit(TemporaryStore.Commit(1, default, 8, blocks));
        TestBlock next = new("rewards", 2, Large + 9);
        place.Store.Commit(TemporaryStore.Commit(2, default, Large, next));
        Assert.Equal(8 + 8 + Large + Large + blocks.Append(next).Sum(b => b.Size), place.Store.SpoolBytes);

        for (var time = 0; time < 2; time++)
        {
            Assert.Single(Files(place));
            foreach (var block in (TestBlock[])[.. blocks, next])
            {
                Assert.Equal(block.Bytes, place.Store.Blocks.Read(block.Table, block.Number));
            }
            Assert.Equal([(1L, Large), (2L, Large + 9)], place.Store.Blocks.Pending("rewards", 10).Select(b => (b.Number, b.Bytes)));
            place.Reopen();
        }
    }

    [Fact]
    public void A_file_stays_while_one_of_its_blocks_waits()
    {
        using var place = new TemporaryStore();
        place.Store.Commit(TemporaryStore.Commit(1, default, 8, new TestBlock("rewards", 1, Large),
            new TestBlock("changes", 1, Large)));
        var first = Assert.Single(Files(place));
        place.Reopen().Commit(TemporaryStore.Commit(2, default, 8, new TestBlock("rewards", 2, Large)));
        Assert.Equal(2, Files(place).Length);

        place.Store.Blocks.Delivered("rewards", 2);
        Assert.Contains(first, Files(place));
        Assert.Equal(new TestBlock("changes", 1, Large).Bytes, place.Store.Blocks.Read("changes", 1));
        place.Store.Blocks.Delivered("changes", 1);
        place.Reopen();
        Assert.Empty(Files(place));
        Assert.Equal(0, place.Store.BlocksWaiting);
    }

    [Fact]
    public void A_large_block_is_parked_whole()
    {
        using var place = new TemporaryStore();
        place.Store.Commit(TemporaryStore.Commit(1, default, 8, new TestBlock("rewards", 1, Large)));
        place.Store.Blocks.Park("rewards", 1, "refused for good");
        Assert.Empty(place.Store.Blocks.Pending("rewards", 10));
        Assert.Equal(new TestBlock("rewards", 1, Large).Bytes, Assert.Single(place.Reopen().Parked.List(10)).Bytes);
        Assert.Empty(Files(place));
    }

    [Fact]
    public void A_damaged_block_is_an_error_and_is_not_sent()
    {
        using var place = new TemporaryStore();
        place.Store.Commit(TemporaryStore.Commit(1, default, 8, new TestBlock("rewards", 1, Large),
            new TestBlock("changes", 1, Large)));
        using (var file = new FileStream(Files(place)[0], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = Large + 1_000;
            file.WriteByte(0);
        }

        Assert.Equal(Large, place.Store.Blocks.Read("rewards", 1).Length);
        var damaged = Assert.Throws<StoreException>(() => place.Store.Blocks.Read("changes", 1));
        Assert.False(damaged.Retryable);
        Assert.Contains("damaged", damaged.Message, StringComparison.Ordinal);
    }

    private static string[] Files(TemporaryStore place) => Directory.GetFiles(place.Path, "blocks-*");
}
