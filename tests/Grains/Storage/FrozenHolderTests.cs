using Npgsql;
using Streaming.Silo.Storage.Postgres;

namespace Streaming.Grains.Tests.Storage;

/// <summary>A silo that was stopped in the midst of a transaction (a machine that pauses, SIGSTOP) and holds what it had locked.</summary>
[Collection(PostgresTests.Name)]
public sealed class FrozenHolderTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("Host=h", "-c idle_in_transaction_session_timeout=5000")]
    [InlineData("Host=h;Options=-c a=b", "-c a=b -c idle_in_transaction_session_timeout=5000")]
    [InlineData("Host=h;Options=-c idle_in_transaction_session_timeout=0", "-c idle_in_transaction_session_timeout=0")]
    public void Given_connection_options_are_kept(string given, string options) =>
        Assert.Equal(options, PostgresSettings.Complete(given).Options);

    [SkippableFact]
    public async Task A_session_idle_in_a_transaction_is_ended_so_that_its_outbox_can_be_used()
    {
        var connectionString = await (await postgres.ServerAsync()).NewSchemaAsync();
        await using var opened = await StoresUnderTest.PostgresAsync(connectionString);
        var lease = await opened.Outboxes.ClaimAsync("frozen", TimeSpan.FromMilliseconds(1), default);
        await using var source = PostgresSettings.Open($"{connectionString};Options=-c idle_in_transaction_session_timeout=100");
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var held = new NpgsqlCommand("SELECT 1 FROM outboxes WHERE writer = $1 FOR UPDATE", connection,
            transaction) { Parameters = { new() { Value = lease.Writer } } })
        {
            await held.ExecuteScalarAsync();
        }

        // waits for the lock, and no longer than the server lets it be held
        Assert.True(await opened.Outboxes.RenewAsync(lease, TimeSpan.FromMinutes(1), default));

        var late = await Assert.ThrowsAnyAsync<NpgsqlException>(() => transaction.CommitAsync());
        Assert.True(PostgresErrors.Of(late).Retryable);
    }
}
