using Streaming.Engine.Storing;
using Streaming.Stores;
using Streaming.Stores.Sqlite;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Stores;

/// <summary>The pseudonym key of a data directory is whole, or refused before anything depends on it.</summary>
public sealed class DirectoryIdentityTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly DataDirectory directory;
    private readonly SqliteStore store;

    public DirectoryIdentityTests()
    {
        directory = DataDirectory.Open(folder.Path);
        store = SqliteStore.Open(directory);
    }

    private string Key => directory.File("pseudonym.key");

    public void Dispose()
    {
        store.Dispose();
        directory.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("00112233445566778899aabbccddee")]
    public void A_key_that_is_too_short_is_refused_and_leaves_no_trace_in_the_store(string key)
    {
        File.WriteAllText(Key, key);
        var refused = Assert.Throws<StoreException>(() => DirectoryIdentity.Of(directory, store.Facts, null));
        Assert.Contains("pseudonym.key", refused.Message, StringComparison.Ordinal);

        File.Delete(Key);
        var made = DirectoryIdentity.Of(directory, store.Facts, null);
        Assert.Equal(made.PseudonymKey, DirectoryIdentity.Of(directory, store.Facts, null).PseudonymKey);
    }

    [Fact]
    public void A_key_whose_writing_was_interrupted_is_made_anew()
    {
        File.WriteAllText(Key + ".partial", "0011");
        var made = DirectoryIdentity.Of(directory, store.Facts, null);
        Assert.Equal(Convert.ToHexStringLower(made.PseudonymKey), File.ReadAllText(Key));
        Assert.False(File.Exists(Key + ".partial"));
    }

    [Fact]
    public void A_file_that_is_too_large_is_named()
    {
        File.WriteAllText(Key, new string('0', 5_000));
        var refused = Assert.Throws<StoreException>(() => DirectoryIdentity.Of(directory, store.Facts, null));
        Assert.Contains(Key, refused.Message, StringComparison.Ordinal);
    }
}
