using System.Globalization;
using Npgsql;
using Streaming.ClickHouse.Native;
using Streaming.Engine.Storing;
using Streaming.Grains.Storage;

namespace Streaming.Silo.Storage.Postgres;

/// <summary>The outboxes table: who may write and send which outbox, by the database's clock. Thread-safe.</summary>
/// <param name="source">Connections.</param>
/// <param name="limits">How much of what was refused for good each outbox keeps; null for the defaults.</param>
public sealed class PostgresOutboxes(NpgsqlDataSource source, ParkedSettings? limits = null) : IOutboxes
{
    // Work waits in an outbox when messages are not sent, rows not formed, blocks not landed, or an operator wants something sent again.
    private const string Waits = """
        (o.sent < o.number OR o.formed < o.number OR EXISTS (SELECT FROM blocks b WHERE b.writer = o.writer) OR EXISTS (SELECT FROM parked p WHERE p.writer = o.writer AND p.redrive))
        """;

    /// <inheritdoc/>
    public async Task<OutboxLease> ClaimAsync(string owner, TimeSpan length, CancellationToken cancel) =>
        await TakeAsync($"ORDER BY {Waits} DESC, o.writer", owner, length, cancel) ?? await MakeAsync(owner, length, cancel);

    /// <inheritdoc/>
    public Task<OutboxLease?> AdoptAsync(string owner, TimeSpan length, CancellationToken cancel) =>
        TakeAsync($"AND {Waits} ORDER BY o.expires", owner, length, cancel);

    /// <inheritdoc/>
    public Task<bool> RenewAsync(OutboxLease lease, TimeSpan length, CancellationToken cancel) => PostgresErrors.Guard(async () =>
    {
        await using var command =
            source.CreateCommand("UPDATE outboxes SET expires = clock_timestamp() + $3 WHERE writer = $1 AND token = $2");
        command.Parameters.Add(new() { Value = lease.Writer });
        command.Parameters.Add(new() { Value = lease.Token });
        command.Parameters.Add(new() { Value = length });
        return await command.ExecuteNonQueryAsync(cancel) == 1;
    });

    /// <inheritdoc/>
    public Task ReleaseAsync(OutboxLease lease, CancellationToken cancel) => RenewAsync(lease, TimeSpan.Zero, cancel);

    /// <inheritdoc/>
    public Task<OutboxState> StateAsync(OutboxLease lease, CancellationToken cancel) => PostgresErrors.Guard(async () =>
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        long number;
        Progress progress;
        await using (var command = new NpgsqlCommand(
            "SELECT number, sent, formed FROM outboxes WHERE writer = $1 AND token = $2 FOR UPDATE", connection, transaction))
        {
            command.Parameters.Add(new() { Value = lease.Writer });
            command.Parameters.Add(new() { Value = lease.Token });
            await using var row = await command.ExecuteReaderAsync(cancel);
            if (!await row.ReadAsync(cancel)) throw new LeaseLostException(lease);
            number = row.GetInt64(0);
            progress = new Progress(number, row.GetInt64(1), row.GetInt64(2));
        }

        await RedriveParkedBlocksAsync(connection, transaction, lease.Writer, cancel);
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (table, last) in await ReadAsync("SELECT target, number FROM block_numbers WHERE writer = $1",
            r => (r.GetString(0), r.GetInt64(1)))) numbers[table] = last;
        var blocks = await ReadAsync("SELECT target, number, rows, octet_length(bytes) FROM blocks WHERE writer = $1 ORDER BY number",
            r => new PendingBlock(r.GetString(0), r.GetInt64(1), r.GetInt32(2), r.GetInt32(3)));
        var commits = await ReadAsync("SELECT number, octet_length(outputs)::bigint FROM commits WHERE writer = $1 ORDER BY number",
            r => (r.GetInt64(0), r.GetInt64(1)));
        await transaction.CommitAsync(cancel);
        return new OutboxState(number, progress, numbers, blocks, commits);

        async Task<List<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> row)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction) { Parameters = { new() { Value = lease.Writer } } };
            await using var rows = await command.ExecuteReaderAsync(cancel);
            var all = new List<T>();
            while (await rows.ReadAsync(cancel)) all.Add(row(rows));
            return all;
        }
    });

    /// <inheritdoc/>
    public IOutboxRows RowsOf(OutboxLease lease) => new PostgresOutboxRows(source, lease, limits);

    private Task<OutboxLease?> TakeAsync(string which, string owner, TimeSpan length, CancellationToken cancel) =>
        PostgresErrors.Guard(async () =>
    {
        await using var command = source.CreateCommand(
            $"""
            UPDATE outboxes SET token = token + 1, owner = $1, expires = clock_timestamp() + $2
            WHERE writer = (SELECT o.writer FROM outboxes o WHERE o.expires < clock_timestamp() {which} LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING writer, token
            """);
        return await LeaseAsync(command, owner, length, cancel);
    });

    private Task<OutboxLease> MakeAsync(string owner, TimeSpan length, CancellationToken cancel) => PostgresErrors.Guard(async () =>
    {
        for (var number = 1; ; number++)
        {
            await using var command = source.CreateCommand("INSERT INTO outboxes (writer, token, owner, expires) VALUES ($3, 1, $1, " +
                "clock_timestamp() + $2) ON CONFLICT DO NOTHING RETURNING writer, token");
            command.Parameters.Add(new() { Value = string.Create(CultureInfo.InvariantCulture, $"w{number}") });
            if (await LeaseAsync(command, owner, length, cancel) is { } lease) return lease;
        }
    });

    private static async Task<OutboxLease?> LeaseAsync(NpgsqlCommand command, string owner, TimeSpan length, CancellationToken cancel)
    {
        command.Parameters.Insert(0, new() { Value = length });
        command.Parameters.Insert(0, new() { Value = owner });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? new OutboxLease(row.GetString(0), row.GetInt64(1)) : null;
    }

    /// <summary>Parked blocks an operator wants sent again become the newest of their tables: under its old number a block would be taken
    /// for one that landed long ago.</summary>
    private static async Task RedriveParkedBlocksAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string writer,
        CancellationToken cancel)
    {
        var parked = new List<(long Id, string Table, byte[] Bytes)>();
        await using (var command = new NpgsqlCommand("SELECT id, target, bytes FROM parked WHERE writer = $1 AND redrive AND kind = $2 " +
            "ORDER BY id", connection, transaction))
        {
            command.Parameters.Add(new() { Value = writer });
            command.Parameters.Add(new() { Value = ParkedItem.Block });
            await using var rows = await command.ExecuteReaderAsync(cancel);
            while (await rows.ReadAsync(cancel)) parked.Add((rows.GetInt64(0), rows.GetString(1), rows.GetFieldValue<byte[]>(2)));
        }

        foreach (var (id, table, bytes) in parked)
        {
            await using var next = new NpgsqlCommand(
                "INSERT INTO block_numbers AS b VALUES ($1, $2, 1) ON CONFLICT (writer, target) DO UPDATE SET number = b.number + 1 " +
                    "RETURNING number", connection, transaction);
            next.Parameters.Add(new() { Value = writer });
            next.Parameters.Add(new() { Value = table });
            var block = NativeBlock.Again(table, (long)(await next.ExecuteScalarAsync(cancel))!, bytes);
            await using var move = new NpgsqlBatch(connection, transaction)
            {
                BatchCommands =
                {
                    new("INSERT INTO blocks (writer, target, number, rows, bytes) VALUES ($1, $2, $3, $4, $5)")
                    {
                        Parameters =
                        {
                            new() { Value = writer }, new() { Value = table }, new() { Value = block.Number }, new() { Value = block.Rows },
                            new() { Value = block.Bytes },
                        },
                    },
                    new("DELETE FROM parked WHERE id = $1") { Parameters = { new() { Value = id } } },
                },
            };
            await move.ExecuteNonQueryAsync(cancel);
        }
    }
}
