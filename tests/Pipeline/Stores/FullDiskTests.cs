using Streaming.Engine.Storing;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Stores;

/// <summary>A full disk, made with a tmpfs of 6 MiB.</summary>
public sealed class FullDiskTests
{
    [SkippableTheory]
    [InlineData(1 << 20, 3)]
    [InlineData(8, 1 << 20)]
    public async Task The_same_commit_succeeds_after_the_disk_has_room_again(int size, int blockSize)
    {
        using var folder = new TemporaryDirectory();
        var mounted = await ExternalProgram.RunAsync("mount", ["-t", "tmpfs", "-o", "size=6m,mode=700", "none", folder.Path]);
        Skip.If(mounted.ExitCode != 0, $"No file system can be mounted here: {mounted.Errors}");
        try
        {
            var ballast = Path.Combine(folder.Path, "ballast");
            using (var place = new TemporaryStore(folder.Path))
            {
                place.Store.Commit(TemporaryStore.Commit(1));
                File.WriteAllBytes(ballast, new byte[5 << 20]);
                var block = new TestBlock("rewards", 1, blockSize);
                var commit = TemporaryStore.Commit(2, default, size, block);
                var full = Assert.Throws<StoreException>(() => place.Store.Commit(commit));
                Assert.True(full.Retryable);
                Assert.Contains("disk", full.Message, StringComparison.Ordinal);

                File.Delete(ballast);
                place.Store.Commit(commit);
                Assert.Equal(2, place.Reopen().Head.Commit);
                Assert.Equal(block.Bytes, place.Store.Blocks.Read("rewards", 1));
            }
        }
        finally
        {
            await ExternalProgram.RunAsync("umount", [folder.Path]);
        }
    }

    [SkippableFact]
    public async Task A_position_that_a_full_disk_does_not_take_is_not_said_to_be_moved()
    {
        using var folder = new TemporaryDirectory();
        var mounted = await ExternalProgram.RunAsync("mount", ["-t", "tmpfs", "-o", "size=6m,mode=700", "none", folder.Path]);
        Skip.If(mounted.ExitCode != 0, $"No file system can be mounted here: {mounted.Errors}");
        try
        {
            var ballast = Path.Combine(folder.Path, "ballast");
            using var place = new TemporaryStore(folder.Path);
            place.Store.Commit(TemporaryStore.Commit(1));
            Ballast.Fill(ballast);
            Assert.True(Assert.Throws<StoreException>(() => place.Store.Skip("clicks", 0, 10, 11)).Retryable);

            File.Delete(ballast);
            Assert.True(place.Store.Skip("clicks", 0, 10, 11));
            Assert.False(place.Store.Skip("clicks", 0, 10, 11));
            Assert.Equal(11, place.Reopen().Head.Positions[0].Next);
        }
        finally
        {
            await ExternalProgram.RunAsync("umount", [folder.Path]);
        }
    }
}
