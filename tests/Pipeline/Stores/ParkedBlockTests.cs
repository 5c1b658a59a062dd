using Streaming.Engine.Storing;
using Streaming.Pipeline.Tests.ClickHouse;
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
}
