using Streaming.Engine.Storing;
using Streaming.Pipeline.Tests.ClickHouse;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;
using Streaming.TestKit.Sinks;

namespace Streaming.Pipeline.Tests.Stores;

public class ParkedBlockTests
{
    private const string Table = "health_rows";

    [Fact]
    public void A_redriven_parked_block_gets_the_next_number()
    {
        using var place = new TemporaryStore();
        var blocks = SampleRows.Blocks(Rows.Writer, 3, SampleRows.Now).Where(b => b.Table == Table);
        place.Store.Commit(TemporaryStore.Commit(1, [.. blocks]));
        place.Store.Blocks.Park(Table, 2, "refused for good");
        Assert.Equal([1, 3], place.Store.Blocks.Pending(Table, 10).Select(b => b.Number));
        var parked = Assert.Single(place.Store.Parked.List(10));
        Assert.Equal((ParkedItem.Block, Table, "refused for good"), (parked.Kind, parked.Target, parked.Reason));
        Assert.True(place.Store.Parked.Redrive(parked.Id));

        var store = place.Reopen();
        Assert.Equal([1, 3, 4], store.Blocks.Pending(Table, 10).Select(b => b.Number));
        Assert.Equal(4, store.LastBlockNumbers[Table]);
        Assert.Equal(0, store.Parked.Count);
        Assert.Empty(store.Parked.ToRedrive(ParkedItem.Block));
        var again = new BlockReader(new FormedBlock(Table, 4, 1, store.Blocks.Read(Table, 4)));
        Assert.Equal([4ul], again.All<ulong>("seq"));
        Assert.Equal([2.0], again.All<double>("value"));
    }

    [Fact]
    public void A_parked_block_says_how_many_it_pushed_out()
    {
        using var folder = new TemporaryDirectory();
        using var directory = DataDirectory.Open(folder.Path);
        using var store = SqliteStore.Open(directory, new ParkedSettings { Items = 1 });
        store.Commit(TemporaryStore.Commit(1, [.. SampleRows.Blocks(Rows.Writer, 1, SampleRows.Now).Where(b => b.Table == Table)]));
        Assert.Equal(0, store.Parked.Add(ParkedItem.Message, "rewards", "refused", [1]));
        Assert.Equal(1, store.Blocks.Park(Table, 1, "refused for good"));
        Assert.Equal(ParkedItem.Block, Assert.Single(store.Parked.List(10)).Kind);
    }

    [Fact]
    public void Parked_items_are_listed_from_any_number_on()
    {
        using var folder = new TemporaryDirectory();
        using var directory = DataDirectory.Open(folder.Path);
        using var store = SqliteStore.Open(directory);
        for (byte n = 1; n <= 5; n++) store.Parked.Add(ParkedItem.Message, "rewards", "refused", [n]);
        Assert.True(store.Parked.Redrive(4));
        Assert.Equal([1L, 2L], store.Parked.List(2).Select(i => i.Id));
        Assert.Equal([3L, 5L], store.Parked.List(9, after: 2).Select(i => i.Id));
    }
}
