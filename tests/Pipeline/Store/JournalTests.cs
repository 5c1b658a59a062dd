using Streaming.Pipeline.Store;

namespace Streaming.Pipeline.Tests.Store;

/// <summary>Large commits stand beside the database, and are as whole, as durable and as forgettable as small ones.</summary>
public sealed class JournalTests
{
    private const int Large = Journal.Threshold;

    [Fact]
    public void A_large_commit_is_read_back_as_it_was_written()
    {
        using var place = new TemporaryStore();
        for (var n = 1; n <= 4; n++) place.Store.Commit(TemporaryStore.Commit(n, default, n % 2 == 0 ? Large + n : 8));
        var spooled = place.Store.SpoolBytes;

        var store = place.Reopen();
        Assert.Equal(spooled, store.SpoolBytes);
        Assert.Equal([(1L, 1L, -1L), (2, 2, -2), (3, 3, -3), (4, 4, -4)], store.CommitsAfter(0).Select(c => (c.Number, BitConverter.ToInt64(c.Sequence), BitConverter.ToInt64(c.Outputs))));
        Assert.Equal([8, Large + 2, 8, Large + 4], store.CommitsAfter(0).Select(c => c.Sequence.Length));
        Assert.Equal(Large + 4, store.Outputs(4)!.Length);
        Assert.Null(store.Outputs(5));
    }

    [Fact]
    public void A_large_commit_that_fails_leaves_nothing()
    {
        using var place = new TemporaryStore();
        place.Store.Commit(TemporaryStore.Commit(1, default, Large, new FormedBlockOf("activity", 1)));
        Assert.Throws<StoreException>(() => place.Store.Commit(TemporaryStore.Commit(2, default, Large + 100, new FormedBlockOf("activity", 1))));
        place.Store.Commit(TemporaryStore.Commit(2, default, Large + 1));
        Assert.Equal([Large, Large + 1], place.Reopen().CommitsAfter(0).Select(c => c.Sequence.Length));
    }

    [Fact]
    public void A_file_goes_with_the_last_commit_that_needs_it()
    {
        using var place = new TemporaryStore();
        place.Store.Commit(TemporaryStore.Commit(1, default, Large));
        place.Store.Commit(TemporaryStore.Commit(2, default, Large));
        var first = Assert.Single(Files(place));

        place.Reopen().Commit(TemporaryStore.Commit(3, new Progress(1, 1, 1), Large)); // into a file of its own: what a crash left behind the last commit is never built upon
        Assert.Equal(2, Files(place).Length);
        place.Store.Commit(TemporaryStore.Commit(4, new Progress(2, 2, 2)));
        Assert.DoesNotContain(first, Files(place));
        Assert.Equal([3L, 4L], place.Reopen().CommitsAfter(0).Select(c => c.Number));
    }

    [Fact]
    public void What_no_commit_names_is_deleted_at_the_next_start()
    {
        using var place = new TemporaryStore();
        place.Store.Commit(TemporaryStore.Commit(1, default, Large));
        File.WriteAllBytes(Path.Combine(place.Path, "journal-000000009"), [1, 2, 3]);
        place.Reopen();
        Assert.Single(Files(place));
    }

    [Fact]
    public void A_damaged_file_is_told_and_not_applied()
    {
        using var place = new TemporaryStore();
        place.Store.Commit(TemporaryStore.Commit(1, default, Large));
        using (var file = new FileStream(Files(place)[0], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = 1_000;
            file.WriteByte(1);
        }

        var damaged = Assert.Throws<StoreException>(() => place.Reopen().CommitsAfter(0).ToList());
        Assert.False(damaged.Retryable);
        Assert.Contains("damaged", damaged.Message, StringComparison.Ordinal);
    }

    private static string[] Files(TemporaryStore place) => Directory.GetFiles(place.Path, "journal-*");
}
