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
        using var folder = new TemporaryDirectory();
        using (var directory = DataDirectory.Open(folder.Path))
        using (var store = SqliteStore.Open(directory))
        {
            store.Commit(CommitOf([.. SampleRows.Blocks(Rows.Writer, 3, SampleRows.Now).Where(b => b.Table == Table)]));
            store.Blocks.Park(Table, 2, "refused for good");
            Assert.Equal([1, 3], store.Blocks.Pending(Table, 10).Select(b => b.Number));
            var parked = Assert.Single(store.Parked.List(10));
            Assert.Equal((ParkedItem.Block, Table, "refused for good"), (parked.Kind, parked.Target, parked.Reason));
            Assert.True(store.Parked.Redrive(parked.Id));
        }

        using (var directory = DataDirectory.Open(folder.Path))
        using (var store = SqliteStore.Open(directory))
        {
            Assert.Equal([1, 3, 4], store.Blocks.Pending(Table, 10).Select(b => b.Number));
            Assert.Equal(4, store.LastBlockNumbers[Table]);
            Assert.Equal(0, store.Parked.Count);
            Assert.Empty(store.Parked.ToRedrive(ParkedItem.Block));
            var again = new BlockReader(new FormedBlock(Table, 4, 1, store.Blocks.Read(Table, 4)));
            Assert.Equal([4ul], again.All<ulong>("seq"));
            Assert.Equal([2.0], again.All<double>("value"));
        }
    }

    private static CommitRecord CommitOf(IReadOnlyList<FormedBlock> blocks) => new()
    {
        Number = 1, Now = 0, Sequence = default, Outputs = default, Positions = [], Snapshots = [], Blocks = blocks, Progress = default,
    };
}
