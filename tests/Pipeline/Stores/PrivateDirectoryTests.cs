using Streaming.Common.CommandLine;
using Streaming.Common.Files;
using Streaming.Engine.Storing;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Stores;

/// <summary>Only the owner can read a data directory, and symbolic links in it are refused.</summary>
public sealed class PrivateDirectoryTests : IDisposable
{
    private const UnixFileMode Others = (UnixFileMode)0x3F;
    private readonly TemporaryDirectory folder = new();

    private string Data => Path.Combine(folder.Path, "data");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_new_data_directory_has_mode_0700_and_its_files_0600()
    {
        PrivateDirectory.MakeNewFilesPrivate();
        using var directory = DataDirectory.Open(Data);
        using var store = SqliteStore.Open(directory);
        _ = DirectoryIdentity.Of(directory, store.Facts, null);
        AssertClosed();
        Assert.True(File.Exists(Path.Combine(Data, "state.db")) && File.Exists(Path.Combine(Data, "pseudonym.key")));
    }

    [Fact]
    public void Wider_rights_of_an_existing_data_directory_are_removed()
    {
        Directory.CreateDirectory(Path.Combine(Data, "clickhouse"));
        foreach (var name in (string[])["state.db", "lock", "journal-1"]) File.WriteAllText(Path.Combine(Data, name), "");
        foreach (var entry in new DirectoryInfo(Data).EnumerateFileSystemInfos())
            entry.UnixFileMode |= UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        File.SetUnixFileMode(Data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        using (DataDirectory.Open(Data)) AssertClosed();
    }

    [Theory]
    [InlineData("lock", true)]
    [InlineData("lock", false)]
    [InlineData("state.db", false)]
    [InlineData("state.db-wal", true)]
    [InlineData("endpoints.json", true)]
    [InlineData("endpoints.json.partial", false)]
    [InlineData("pseudonym.key", true)]
    [InlineData("clickhouse", false)]
    public void A_symbolic_link_in_the_data_directory_is_refused_and_its_target_unchanged(string name, bool exists)
    {
        var target = Path.Combine(folder.Path, "elsewhere");
        if (exists) File.WriteAllText(target, "untouched");
        Directory.CreateDirectory(Data);
        File.CreateSymbolicLink(Path.Combine(Data, name), target);
        var refused = Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(Data));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.Contains("symbolic link", refused.Message, StringComparison.Ordinal);
        Assert.Equal(exists ? "untouched" : "", File.Exists(target) ? File.ReadAllText(target) : "");
    }

    [Fact]
    public void A_world_writable_folder_is_refused_and_unchanged()
    {
        Directory.CreateDirectory(Data);
        const UnixFileMode shared = (UnixFileMode)0x3FF; // 1777
        File.SetUnixFileMode(Data, shared);
        var refused = Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(Data));
        Assert.Contains("is a shared folder", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.WrongUsage, Assert.Throws<PrivateDirectoryException>(() => PrivateDirectory.Prepare(Data)).ExitCode);
        Assert.Equal(shared, File.GetUnixFileMode(Data));
    }

    [SkippableFact]
    public async Task Somebody_elses_folder_is_refused_with_a_sentence()
    {
        Directory.CreateDirectory(Data);
        var given = await ExternalProgram.RunAsync("chown", ["12345", Data]);
        Skip.If(given.ExitCode != 0, "Only root can give a folder away.");
        var refused = Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(Data));
        Assert.Contains("belongs to user 12345", refused.Message, StringComparison.Ordinal);
    }

    private void AssertClosed()
    {
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Data) & Others);
        Assert.All(new DirectoryInfo(Data).EnumerateFileSystemInfos(), e =>
            Assert.Equal((e.Name, UnixFileMode.None), (e.Name, e.UnixFileMode & Others)));
    }
}
