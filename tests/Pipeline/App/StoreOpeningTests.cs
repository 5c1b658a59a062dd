using Streaming.App.Hosting;
using Streaming.App.Installing;
using Streaming.Engine.Storing;
using Streaming.Stores;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.App;

/// <summary>How an installation opens its store, whichever command does.</summary>
public sealed class StoreOpeningTests
{
    [Fact]
    public void As_much_is_kept_of_what_was_refused_as_the_settings_say()
    {
        using var folder = new TemporaryDirectory();
        using var directory = DataDirectory.Open(folder.Path);
        var settings = new UpSettings { Host = new HostSettings { Parked = new ParkedSettings { Items = 1 } } };
        using var store = StoreOpening.Open(directory, settings);
        Assert.Equal(0, store.Parked.Add(ParkedItem.Message, "rewards", "refused", [1]));
        Assert.Equal(1, store.Parked.Add(ParkedItem.Message, "rewards", "refused", [2]));
        Assert.Equal(1, store.Parked.Count);
    }
}
