using System.Text;
using Streaming.Engine.Storing;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Stores;

/// <summary>Texts of members are on disk while a commit that holds them is needed; after that no file of the data directory contains
/// them.</summary>
public sealed class ErasedTextTests
{
    private const string Text = "meet me at the tea house behind the old station";

    [Theory]
    [InlineData(20_000)]
    [InlineData(Journal.Threshold)]
    public async Task The_bytes_of_a_passed_commit_are_in_no_file(int size)
    {
        using var place = new TemporaryStore();
        place.Store.Commit(CommitWithText(1, size));
        Assert.True(OnDisk(place.Path));
        place.Store.Commit(TemporaryStore.Commit(2, new Progress(1, 1, 1)));
        await Until.TrueAsync(() => !OnDisk(place.Path));
        Assert.Equal(2, Assert.Single(place.Store.CommitsAfter(0)).Number); // and nothing else is gone
    }

    [Fact]
    public async Task Needed_commits_stay_readable_while_others_are_erased()
    {
        using var place = new TemporaryStore();
        place.Store.Commit(CommitWithText(1, Journal.Threshold));
        place.Store.Commit(TemporaryStore.Commit(2, new Progress(1, 1, 1), Journal.Threshold));
        place.Store.Commit(TemporaryStore.Commit(3, new Progress(2, 2, 2)));
        await Until.TrueAsync(() => !OnDisk(place.Path));
        place.Store.Commit(TemporaryStore.Commit(4, new Progress(2, 2, 2), Journal.Threshold));
        Assert.Equal([3L, 4L], place.Reopen().CommitsAfter(0).Select(c => c.Number));
    }

    private static CommitRecord CommitWithText(long number, int size)
    {
        var bytes = new byte[size];
        Encoding.UTF8.GetBytes(Text, bytes.AsSpan(size / 2));
        var plain = TemporaryStore.Commit(number);
        return new CommitRecord
        {
            Number = number, Now = plain.Now, Sequence = bytes, Outputs = plain.Outputs, Positions = plain.Positions,
                Snapshots = plain.Snapshots,
            Blocks = plain.Blocks, Progress = plain.Progress,
        };
    }

    private static bool OnDisk(string folder) =>
        Directory.EnumerateFiles(folder).Where(path => Path.GetFileName(path) != "lock").Any(Holds);

    private static bool Holds(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new MemoryStream();
            file.CopyTo(bytes);
            return bytes.GetBuffer().AsSpan(0, (int)bytes.Length).IndexOf(Encoding.UTF8.GetBytes(Text)) >= 0;
        }
        catch (FileNotFoundException)
        {
            return false; // removed since the folder was listed
        }
    }
}
