using Streaming.Common.CommandLine;
using Streaming.Stores;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Stores;

/// <summary>The error names the real reason why a data directory cannot be locked; the exit code is 2.</summary>
public sealed class DataDirectoryLockTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();

    private string Data => Path.Combine(folder.Path, "data");

    private string File => Path.Combine(Directory.CreateDirectory(Data).FullName, "lock");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_directory_that_another_process_holds_is_in_use()
    {
        using var held = DataDirectory.Open(Data);
        Refused("is in use by another process");
    }

    [Fact]
    public async Task A_lock_that_is_no_regular_file_is_refused_by_its_kind()
    {
        Assert.Equal(0, (await ExternalProgram.RunAsync("mkfifo", [File])).ExitCode);
        Refused("lock is a pipe");
        System.IO.File.Delete(File);
        Directory.CreateDirectory(File);
        Refused("lock is a directory");
        Directory.Delete(File);
        System.IO.File.CreateSymbolicLink(File, "/dev/null");
        Refused("lock is a symbolic link");
    }

    [SkippableFact]
    public async Task A_read_only_disk_is_not_reported_as_in_use()
    {
        using (DataDirectory.Open(Data))
        {
        }

        var mounted = await ExternalProgram.RunAsync("mount", ["--bind", "-o", "ro", Data, Data]);
        Skip.If(mounted.ExitCode != 0, $"No file system can be mounted here: {mounted.Errors}");
        try
        {
            Refused("Read-only file system");
        }
        finally
        {
            await ExternalProgram.RunAsync("umount", [Data]);
        }
    }

    private void Refused(string says)
    {
        var refused = Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(Data));
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.WrongUsage, refused.ExitCode);
    }
}
