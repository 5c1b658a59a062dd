using Npgsql;
using Streaming.Common.CommandLine;
using Streaming.Silo.Storage.Postgres;

namespace Streaming.Loadtests.Ladder.Grains;

/// <summary>The database that silos are measured over: it belongs to the run, which empties it.</summary>
internal static class MeasuredDatabase
{
    private const string Mark = "streaming-cost";

    /// <summary>Returns when it may be emptied: nothing is in it, or what an earlier run left.</summary>
    /// <exception cref="CommandException">Somebody's tables are in it; exit code 2.</exception>
    public static async Task CheckAsync(string connection, CancellationToken stop)
    {
        await using var source = await PostgresSettings.ReachAsync(connection, stop);
        var tables = await PostgresErrors.Guard(async () =>
        {
            await using var count = source.CreateCommand(
                $"""
                SELECT count(*) FROM pg_tables
                WHERE schemaname = 'public' AND obj_description('public'::regnamespace) IS DISTINCT FROM '{Mark}'
                """);
            return (long)(await count.ExecuteScalarAsync(stop))!;
        });
        if (tables > 0)
            throw new CommandException($"--postgres names a database with {tables} tables in it, which would be lost: give an empty one.",
                2);
    }

    /// <summary>Removes everything from it.</summary>
    public static Task EmptyAsync(NpgsqlDataSource source, CancellationToken stop) => PostgresErrors.Guard(async () =>
    {
        await using var empty = source.CreateCommand(
            $"DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public; COMMENT ON SCHEMA public IS '{Mark}'");
        await empty.ExecuteNonQueryAsync(stop);
    });
}
