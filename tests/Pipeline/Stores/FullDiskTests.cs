using System.Diagnostics;
using Streaming.Engine.Storing;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Stores;

/// <summary>A full disk, made with a tmpfs of 6 MiB.</summary>
public sealed class FullDiskTests
{
    [SkippableTheory]
    [InlineData(1 << 20, 3)]
    [InlineData(8, 1 << 20)]
    public void The_same_commit_succeeds_after_the_disk_has_room_again(int size, int blockSize)
    {
        using var folder = new TemporaryDirectory();
        Skip.IfNot(Run("mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "none", folder.Path),
            "A file system can be mounted by root alone.");
        try
        {
            var ballast = Path.Combine(folder.Path, "ballast");
            using (var place = new TemporaryStore(folder.Path))
            {
                place.Store.Commit(TemporaryStore.Commit(1));
                File.WriteAllBytes(ballast, new byte[5 << 20]);
                var block = new FormedBlockOf("rewards", 1, blockSize);
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
            Run("umount", folder.Path);
        }
    }

    private static bool Run(string file, params string[] arguments)
    {
        if (!Tool.Exists(file)) return false;
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
