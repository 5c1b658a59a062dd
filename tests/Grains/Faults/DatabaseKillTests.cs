using Streaming.Engine.Storing;
using Streaming.Grains.Storage;
using Streaming.Grains.Tests.Storage;
using Streaming.TestKit;
using static Streaming.Grains.Tests.Storage.OpenedStore;

namespace Streaming.Grains.Tests.Faults;

/// <summary>PostgreSQL is killed in the midst of commits: what was answered is there,
/// what was not answered is there once or not at all.</summary>
public sealed class DatabaseKillTests
{
    private const int Kills = 3, CommitsPerLife = 40;

    [SkippableFact]
    public async Task After_PostgreSQL_was_killed_every_commit_is_stored_once()
    {
        Skip.If(PostgresServer.Missing is not null, PostgresServer.Missing);
        await using var server = await PostgresServer.StartAsync();
        await using var opened = await StoresUnderTest.PostgresAsync(await server.NewSchemaAsync());
        var lease = await opened.Outboxes.ClaimAsync("a", TimeSpan.FromMinutes(30), default);
        var number = 0L;
        for (var life = 0; life < Kills; life++)
        {
            var underWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var until = number + CommitsPerLife;
            var killAt = number + (CommitsPerLife / 2);
            var committing = Task.Run(async () =>
            {
                while (number < until)
                {
                    if (number == killAt) underWay.SetResult();
                    await PersistAsync(opened.Store, Commit(lease, number + 1, [Member("ann", number + 1), Member($"m{number}", 1)],
                        [new BucketPosition("life", 0, 1, number, number + 1)], outputs: BitConverter.GetBytes(number + 1)));
                    number++;
                }
            });
            await underWay.Task;
            await server.KillAsync();
            await server.UpAsync();
            await committing;
        }

        await Until.TrueAsync(() => AnswersAsync(opened.Store)); // connections from before the last kill are found out one by one
        Assert.Equal(number, Assert.Single(await opened.Store.ReadAsync(["ann"u8.ToArray()], default)).Version);
        Assert.Equal(number, (await opened.Store.ReadAsync([.. Enumerable.Range(0, (int)number).Select(i => Member($"m{i}", 1).Id)],
            default)).Count);
        Assert.Equal(number, (await opened.Store.PositionsAsync("life", 0, default))[1]);
        var outbox = await LeasedOutbox.OpenAsync(opened.Outboxes, lease,
            new LeaseTerm(TimeSpan.FromMinutes(30), TimeSpan.Zero, TimeProvider.System), default);
        Assert.Equal(Enumerable.Range(1, (int)number).Select(n => (long)n), outbox.OutputsAfter(0)
            .Select(o => BitConverter.ToInt64(o.Outputs)));
    }

    private static async Task<bool> AnswersAsync(IClusterStore store)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.IdsAsync(0, [], 1, default)));
            return true;
        }
        catch (StoreException e) when (e.Retryable)
        {
            return false;
        }
    }

    /// <summary>As a silo does: the same commit again until the database answers.</summary>
    private static async Task PersistAsync(IClusterStore store, SiloCommit commit)
    {
        while (true)
        {
            try
            {
                await store.CommitAsync(commit, default);
                return;
            }
            catch (StoreException e) when (e.Retryable)
            {
                await Task.Delay(20);
            }
        }
    }
}
