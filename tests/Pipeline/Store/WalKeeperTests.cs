using System.Buffers.Binary;
using Streaming.Pipeline.Store;

namespace Streaming.Pipeline.Tests.Store;

/// <summary>The write-ahead log under a writer that never pauses: SQLite alone would let it grow without end.</summary>
public sealed class WalKeeperTests
{
    private const int CommitBytes = 100_000; // twice: a sequence and outputs, small enough to stand in the database
    private const long Most = 384L << 20; // with what the log adds to it, not yet so long that it would be cut

    [Fact]
    public void A_log_that_is_always_written_is_started_over_and_not_cut()
    {
        using var place = new TemporaryStore();
        var log = Path.Combine(place.Path, "state.db-wal");
        var (started, longest, number) = (0u, 0L, 0L);
        do
        {
            number++;
            place.Store.Commit(TemporaryStore.Commit(number, new Progress(number - 1, number - 1, number - 1), CommitBytes / 2));
            if (number == 1) started = TimesStarted(log);
            var length = new FileInfo(log).Length;
            Assert.True(length >= longest, $"The log was cut from {longest} to {length} bytes.");
            longest = length;
        }
        while (TimesStarted(log) == started && number * CommitBytes < Most);

        Assert.NotEqual(started, TimesStarted(log));
    }

    /// <summary>The checkpoint sequence number in the log's header (SQLite's file format, 4.1): one more with every start from the beginning.</summary>
    private static uint TimesStarted(string log)
    {
        using var file = File.OpenHandle(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Span<byte> header = stackalloc byte[16];
        Assert.Equal(header.Length, RandomAccess.Read(file, header, 0));
        return BinaryPrimitives.ReadUInt32BigEndian(header[12..]);
    }
}
