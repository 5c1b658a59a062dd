using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Engine.Storing;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Stores;

/// <summary>Large commits stand beside the database, and are written, kept and deleted with the same guarantees as small ones.</summary>
public sealed class JournalTests
{
    private const int Large = Journal.Threshold;

    private enum Do
    {
        Append,
        Fail,
        Forget,
        Clear,
        Reopen,
    }

    [Fact]
    public void A_large_commit_is_read_back_as_it_was_written()
    {
        using var place = new TemporaryStore();
        for (var n = 1; n <= 4; n++) place.Store.Commit(TemporaryStore.Commit(n, default, n % 2 == 0 ? Large + n : 8));
        var spooled = place.Store.SpoolBytes;

        var store = place.Reopen();
        Assert.Equal(spooled, store.SpoolBytes);
        Assert.Equal([(1L, 1L, -1L), (2, 2, -2), (3, 3, -3), (4, 4, -4)], store.CommitsAfter(0)
            .Select(c => (c.Number, BitConverter.ToInt64(c.Sequence), BitConverter.ToInt64(c.Outputs))));
        Assert.Equal([8, Large + 2, 8, Large + 4], store.CommitsAfter(0).Select(c => c.Sequence.Length));
        Assert.Equal(Large + 4, store.Outputs(4)!.Length);
        Assert.Null(store.Outputs(5));
    }

    [Fact]
    public void A_large_commit_that_fails_leaves_nothing()
    {
        using var place = new TemporaryStore();
        place.Store.Commit(TemporaryStore.Commit(1, default, Large, new TestBlock("activity", 1)));
        Assert.Throws<StoreException>(() =>
            place.Store.Commit(TemporaryStore.Commit(2, default, Large + 100, new TestBlock("activity", 1))));
        place.Store.Commit(TemporaryStore.Commit(2, default, Large + 1));
        Assert.Equal([Large, Large + 1], place.Reopen().CommitsAfter(0).Select(c => c.Sequence.Length));
    }

    [Fact]
    public void Journal_bytes_that_rows_name_are_never_overwritten()
    {
        var step = from what in Gen.Frequency((6, Gen.Constant(Do.Append)), (1, Gen.Constant(Do.Fail)), (4, Gen.Constant(Do.Forget)),
            (2, Gen.Constant(Do.Clear)), (1, Gen.Constant(Do.Reopen)))
                   from size in Gen.Choose(1, 9_000)
                   from full in Gen.Elements(true, true, false)
                   select (what, size, full);
        Prop.ForAll(Gen.ListOf(step, 60).ToArbitrary(), steps =>
        {
            using var folder = new TemporaryDirectory();
            var journal = new Journal(folder.Path, "journal", []);
            var rows = new Queue<(long Mark, byte[] Bytes, JournalPlace Place)>();
            var mark = 0L;
            foreach (var (what, size, full) in steps)
            {
                var bytes = new byte[size];
                new Random(size).NextBytes(bytes);
                switch (what)
                {
                    case Do.Clear:
                        journal.Clear();
                        break;
                    case Do.Append:
                        var (file, start) = journal.Append([bytes]);
                        journal.Committed(++mark, full ? Journal.FileBytes : start + size);
                        rows.Enqueue((mark, bytes, new JournalPlace(file, start, size, Journal.Sum(bytes))));
                        break;
                    case Do.Fail:
                        journal.Append([bytes]);
                        break;
                    case Do.Forget:
                        for (var gone = size % 4; gone > 0 && rows.Count > 0; gone--) rows.Dequeue();
                        journal.Trim(rows.TryPeek(out var oldest) ? oldest.Mark - 1 : mark);
                        break;
                    case Do.Reopen:
                        journal.Dispose();
                        journal = new Journal(folder.Path, "journal", rows.GroupBy(r => r.Place.File,
                            (named, of) => (named, of.Max(r => r.Mark))));
                        break;
                }

                Assert.All(rows, row => Assert.Equal(row.Bytes, journal.Read(row.Place)));
                var files = Directory.GetFiles(folder.Path);
                Assert.InRange(files.Length, 0, rows.Select(r => r.Place.File).Distinct().Count() + 1 + Journal.MostSpare);
            }

            journal.Dispose();
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public void A_released_journal_file_is_reused_under_the_next_number()
    {
        using var folder = new TemporaryDirectory();
        using var journal = new Journal(folder.Path, "journal", []);
        for (var n = 1; n <= 3; n++)
        {
            journal.Append([new byte[10_000 * n]]);
            journal.Committed(n, Journal.FileBytes);
        }

        journal.Trim(2);
        journal.Append([new byte[5]]);
        Assert.Equal(["1:10000", "3:30000", "4:20000"], Lengths());
        journal.Committed(4, Journal.FileBytes);
        journal.Append([new byte[5]]);
        Assert.Equal(["3:30000", "4:20000", "5:10000"], Lengths());
        journal.Committed(5, Journal.FileBytes);
        journal.Append([new byte[5]]);
        Assert.Equal(["3:30000", "4:20000", "5:10000", "6:5"], Lengths());

        IEnumerable<string> Lengths() => new DirectoryInfo(folder.Path).GetFiles().OrderBy(f => f.Name)
            .Select(f => $"{int.Parse(f.Name[8..], CultureInfo.InvariantCulture)}:{f.Length}");
    }

    [Fact]
    public void Spare_journal_files_are_deleted_beyond_the_limit_and_at_a_stop()
    {
        using var folder = new TemporaryDirectory();
        var journal = new Journal(folder.Path, "journal", []);
        for (var n = 1; n <= Journal.MostSpare + 5; n++)
        {
            journal.Append([new byte[5]]);
            journal.Committed(n, Journal.FileBytes);
        }

        journal.Trim(Journal.MostSpare + 5);
        Assert.Equal(Journal.MostSpare + 1, Directory.GetFiles(folder.Path).Length);
        journal.Dispose();
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_free_file_that_cannot_be_deleted_fails_no_commit_and_is_deleted_later()
    {
        using var folder = new TemporaryDirectory();
        var journal = new Journal(folder.Path, "journal", []);
        for (var n = 1; n <= Journal.MostSpare + 5; n++)
        {
            journal.Append([new byte[5]]);
            journal.Committed(n, Journal.FileBytes);
        }

        foreach (var file in Directory.GetFiles(folder.Path)) // all of which a folder keeps from being deleted
        {
            File.Delete(file);
            Directory.CreateDirectory(file);
        }

        journal.Trim(Journal.MostSpare + 5);
        Assert.ThrowsAny<Exception>(journal.Clear);
        foreach (var kept in Directory.GetDirectories(folder.Path))
        {
            Directory.Delete(kept);
            File.WriteAllBytes(kept, [1]);
        }

        journal.Clear();
        Assert.Single(Directory.GetFiles(folder.Path)); // the one in use
        journal.Dispose();
    }

    [Fact]
    public void A_restart_keeps_the_files_of_commits_that_are_needed_and_no_other()
    {
        using var place = new TemporaryStore();
        place.Store.Commit(TemporaryStore.Commit(1, default, Large));
        place.Store.Commit(TemporaryStore.Commit(2, default, Large));
        var first = Assert.Single(Files(place));

        // a restart begins a new file: bytes after the last commit may be left over from a crash
        place.Reopen().Commit(TemporaryStore.Commit(3, new Progress(1, 1, 1), Large));
        Assert.Equal(2, Files(place).Length);
        place.Store.Commit(TemporaryStore.Commit(4, new Progress(2, 2, 2)));
        Assert.Equal([3L, 4L], place.Reopen().CommitsAfter(0).Select(c => c.Number));
        Assert.DoesNotContain(first, Files(place));
        Assert.Single(Files(place));
    }

    [Fact]
    public void A_journal_file_that_no_commit_names_is_deleted_at_the_start()
    {
        using var place = new TemporaryStore();
        place.Store.Commit(TemporaryStore.Commit(1, default, Large));
        File.WriteAllBytes(Path.Combine(place.Path, "journal-000000009"), [1, 2, 3]);
        place.Reopen();
        Assert.Single(Files(place));
    }

    [Fact]
    public void A_damaged_journal_file_is_an_error_and_is_not_applied()
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
