using Npgsql;
using Streaming.Grains.Tests.Faults;
using Streaming.Silo.Storage.Postgres;
using Streaming.TestKit;

namespace Streaming.Grains.Tests.Hosting;

/// <summary>How a silo ends: when it is told to, and when it cannot go on.</summary>
public sealed class SiloEndTests
{
    private const int Held = 4_711;

    [SkippableFact]
    public async Task A_silo_that_loses_its_outbox_while_it_starts_says_so_and_ends_with_exit_code_1()
    {
        Skip.If(ClusterParts.Missing is not null, ClusterParts.Missing);
        await using var parts = await ClusterParts.StartAsync();
        await using var source = NpgsqlDataSource.Create(parts.Connection);
        await PostgresSchema.ApplyAsync(source, default);

        // Nobody joins the cluster while its list of silos is locked; each attempt to renew a lease leaves a row.
        await RunAsync(source, """
            CREATE TABLE renewals (n int);
            CREATE FUNCTION renewed() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO renewals VALUES (1); RETURN NULL; END';
            """);
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var held = new NpgsqlCommand("LOCK TABLE orleans_silos IN ACCESS EXCLUSIVE MODE", connection, transaction))
        {
            await held.ExecuteNonQueryAsync();
        }

        var ending = SiloProcess.EndedAsync(parts.Settings(TimeSpan.FromSeconds(6)));
        await Until.TrueAsync(async () => await CountAsync(source, "SELECT count(*) FROM outboxes") == 1);
        await RunAsync(source, """
            UPDATE outboxes SET token = token + 1, expires = clock_timestamp() + interval '1 day';
            CREATE TRIGGER renewed AFTER UPDATE ON outboxes FOR EACH STATEMENT EXECUTE FUNCTION renewed();
            """);
        await Until.TrueAsync(async () => ending.IsCompleted || await CountAsync(source, "SELECT count(*) FROM renewals") > 0);
        await transaction.RollbackAsync();

        var (exitCode, said) = await ending;
        Assert.True(exitCode == 1, $"It ended with exit code {exitCode}: {said}");
        Assert.Contains("Another silo has taken this silo's outbox", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", said, StringComparison.Ordinal);
        Assert.DoesNotContain("ready ops=", said, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task The_ops_page_answers_while_a_silo_leaves()
    {
        Skip.If(ClusterParts.Missing is not null, ClusterParts.Missing);
        await using var parts = await ClusterParts.StartAsync();
        await using var source = NpgsqlDataSource.Create(parts.Connection);
        await using var silo = await parts.SiloAsync(TimeSpan.FromMinutes(1));

        // A silo that writes that it leaves the cluster waits for a lock.
        await RunAsync(source, $"""
            CREATE FUNCTION leaves() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN PERFORM pg_advisory_xact_lock({Held}); RETURN NEW; END';
            CREATE TRIGGER leaves BEFORE UPDATE ON orleans_silos FOR EACH ROW WHEN (NEW.status >= 4) EXECUTE FUNCTION leaves();
            """);
        Task<int> leaving;
        await using (var connection = await source.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var held = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({Held})", connection, transaction);
            await held.ExecuteNonQueryAsync();
            leaving = silo.LeaveAsync();
            await Until.TrueAsync(async () => await CountAsync(source,
                $"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {Held} AND NOT granted") > 0);

            Assert.Contains("streaming_commit", string.Join('\n', (await silo.ScrapeAsync()).Values.Keys), StringComparison.Ordinal);
            Assert.False(leaving.IsCompleted);
        }

        Assert.Equal(0, await leaving);
    }

    private static async Task RunAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> CountAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
