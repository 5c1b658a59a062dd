using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Streaming.Engine.Rules;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;
using Streaming.Members.Rules;

namespace Streaming.Silo.Hosting;

/// <summary>The rules as the database has them; asked every two seconds whether others are in force.</summary>
internal sealed class ClusterRules(RulesBook book, ILogger<ClusterRules> log) : BackgroundService, IClusterRules
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<ulong, RuleSet> known = new();

    /// <inheritdoc/>
    public RuleSet Current => book.Current;

    /// <inheritdoc/>
    public async ValueTask KnowAsync(IEnumerable<ulong> hashes, CancellationToken cancel)
    {
        foreach (var hash in hashes)
        {
            if (!known.ContainsKey(hash)) known[hash] = await Task.Run(() => book.Find(hash), cancel);
        }
    }

    /// <inheritdoc/>
    public RuleSet Find(ulong hash) => known.TryGetValue(hash, out var rules) ? rules : book.Find(hash);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var before = book.Current.Version;
                if (await Task.Run(book.Refresh, stoppingToken))
                {
                    log.RulesChanged(book.Current.Version, before);
                }
            }
            catch (StoreException e)
            {
                log.RulesUnknown(book.Current.Version, Every.TotalSeconds, e.Message);
            }
        }
    }
}
