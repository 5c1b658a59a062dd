using Streaming.App.Hosting;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Stores;
using Streaming.Stores.Sqlite;

namespace Streaming.App.Installing;

/// <summary>How an installation opens its data directory and what lies in it.</summary>
internal static class StoreOpening
{
    /// <summary>The store of an installation; it keeps of what was refused as much as the settings say.</summary>
    /// <exception cref="StoreException">Damaged, of another version, or not accessible.</exception>
    public static SqliteStore Open(DataDirectory directory, UpSettings settings) => SqliteStore.Open(directory, settings.Host.Parked);

    /// <summary>A store with its identity and its rules; a new one gets those of the settings.</summary>
    public static HostedStore Hosted(this IStore store, DataDirectory directory, UpSettings settings) => new(
        store,
        DirectoryIdentity.Of(directory, store.Facts, settings.PseudonymKey.Length > 0 ? settings.PseudonymKey : null),
        new RulesBook(store.Facts, settings.RulesText));
}
