using System.Security.Cryptography;
using Streaming.Common.Settings;
using Streaming.Engine.Commits;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Silo.Storage;

namespace Streaming.Silo.Hosting;

/// <summary>The cluster's store with what is kept in it.</summary>
/// <param name="Storage">The store; closed with this.</param>
/// <param name="Identity">Its generation and pseudonym key.</param>
/// <param name="Rules">The rules in force.</param>
internal sealed record OpenedCluster(ClusterStorage Storage, StoreIdentity Identity, RulesBook Rules) : IAsyncDisposable
{
    /// <summary>Opens the store and reads both; a new store gets those of the settings.</summary>
    /// <exception cref="SettingsException">The database does not answer, or not to this user, or was made with other settings.</exception>
    /// <exception cref="StoreException">It goes away meanwhile or refuses, or the pseudonym key is another.</exception>
    public static async Task<OpenedCluster> OpenAsync(SiloSettings settings, CancellationToken cancel)
    {
        var storage = await ClusterStorage.OpenAsync(settings.Storage, settings.Members.Buckets, settings.Parked, cancel);
        try
        {
            var identity = await Task.Run(() => StoreIdentity.Of(storage.Facts, Key(settings), "cluster"), cancel);
            return new OpenedCluster(storage, identity, await Task.Run(() => new RulesBook(storage.Facts, settings.RulesText), cancel));
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Storage.DisposeAsync();

    private static byte[] Key(SiloSettings settings) =>
        settings.PseudonymKey.Length > 0 ? Convert.FromHexString(settings.PseudonymKey) : RandomNumberGenerator.GetBytes(32);
}
