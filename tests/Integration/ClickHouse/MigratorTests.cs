using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Migrating;
using Streaming.ClickHouse.Sending;
using Streaming.Engine.Storing;
using Streaming.Integration.Tests.LocalClickHouse;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.TestKit.Sinks;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.ClickHouse;

[Collection(nameof(ClickHouseCollection))]
public sealed class MigratorTests(ClickHouseFixture engine)
{
    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "migrate");
        var before = await database.Ask("SELECT number, name, hash, applied FROM migrations ORDER BY number");
        await database.MigrateAsync();
        Assert.Equal(before, await database.Ask("SELECT number, name, hash, applied FROM migrations ORDER BY number"));
        Assert.StartsWith("1\t0001_tables\t", before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_migration_is_finished_by_the_next_run()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "half");
        await database.Ask("DROP VIEW activity");
        await database.Ask("DROP TABLE health_rows");
        await database.Ask("TRUNCATE TABLE migrations");
        await database.MigrateAsync();
        Assert.Equal("0\t0", await database.Ask("SELECT (SELECT count() FROM activity), (SELECT count() FROM health)"));
    }

    [Fact]
    public async Task Migration_to_enum_columns_keeps_the_effects()
    {
        const string Types = "SELECT count() FROM system.columns WHERE database = currentDatabase() AND table IN ('rewards_rows', " +
            "'changes_rows', 'rewards', 'changes') AND type LIKE ";
        const string Rewards = "SELECT * FROM rewards ORDER BY ALL FORMAT JSONEachRow";
        const string Changes = "SELECT * FROM changes ORDER BY ALL FORMAT JSONEachRow";
        const string ByDay = "SELECT toStartOfDay(at), toString(kind) AS kind, toString(stage) AS stage, toString(tier) AS tier, " +
            "sum(points), count() FROM rewards GROUP BY ALL ORDER BY ALL";
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "words");
        foreach (var table in (string[])["alerts_rows", "rewards_rows", "care_actions_rows", "changes_rows"])
        {
            await database.Ask($"DROP TABLE {table}");
        }
        foreach (var statement in Migration.All.Where(m => m.Number < 5).SelectMany(m => m.Statements)) await database.Ask(statement);
        foreach (var block in SampleRows.Blocks(database.Writer, 3, SampleRows.Now))
        {
            await database.Client.InsertAsync(block.Table, block.Bytes, "old");
        }
        Assert.Equal("40", await database.Ask(Types + "'%LowCardinality%'"));
        var before = (await database.Ask(Rewards), await database.Ask(Changes), await database.Ask(ByDay));

        await database.Ask("TRUNCATE TABLE migrations");
        await database.MigrateAsync();
        Assert.Equal("0", await database.Ask(Types + "'%LowCardinality%'"));
        Assert.Equal("12", await database.Ask(Types + "'Enum8(%'"));
        Assert.Equal(before, (await database.Ask(Rewards), await database.Ask(Changes), await database.Ask(ByDay)));
        Assert.Empty(await database.DifferencesAsync(3));
    }

    /// <summary>A word that the table does not know would be refused with its whole block: a new one needs a migration.</summary>
    [Fact]
    public async Task Enum_columns_have_every_kind_stage_and_tier_with_its_number()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "known");
        Dictionary<string, string> words = new()
        {
            ["rewards_rows.kind"] = Enum8(EffectKinds(Members.Effects.Stream.Rewards), k => k.Name()),
            ["changes_rows.kind"] = Enum8(EffectKinds(Members.Effects.Stream.MemberChanges), k => k.Name()),
        };
        foreach (var table in (string[])["rewards_rows", "changes_rows"])
        {
            words[$"{table}.stage"] = Enum8(Enum.GetValues<Stage>(), s => s.Name());
            words[$"{table}.tier"] = Enum8(Enum.GetValues<Tier>(), t => t.Name());
        }

        var types = await database.Ask("SELECT table || '.' || name, type FROM system.columns WHERE database = currentDatabase() AND " +
            "table IN ('rewards_rows', 'changes_rows') AND name IN ('kind', 'stage', 'tier') FORMAT TSVRaw");
        Assert.Equal(words.Select(w => $"{w.Key}\t{w.Value}").Order(StringComparer.Ordinal),
            types.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));

        foreach (var block in SampleRows.Blocks(database.Writer, 3, SampleRows.Now))
        {
            await database.Client.InsertAsync(block.Table, block.Bytes, "known");
        }
        Assert.Equal("0", await database.Ask("SELECT count() FROM rewards WHERE kind IN ('no-such')"));
        var refused = await Assert.ThrowsAsync<ClickHouseException>(() =>
            database.Ask("SELECT count() FROM rewards WHERE kind = 'no-such'"));
        Assert.Contains("'points-earned'", refused.Message, StringComparison.Ordinal);

        static IEnumerable<EffectKind> EffectKinds(Members.Effects.Stream of) =>
            Enum.GetValues<EffectKind>().Where(k => k != EffectKind.None && k.Stream() == of);

        static string Enum8<T>(IEnumerable<T> values, Func<T, string> name)
            where T : struct, Enum => $"Enum8({string.Join(", ", values.Select(v => $"'{name(v)}' = {Convert.ToInt32(v, CultureInfo.InvariantCulture)}"))})";
    }

    [Fact]
    public async Task A_migration_changed_after_it_was_applied_is_refused()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "changed");
        await database.Ask("TRUNCATE TABLE migrations");
        await database.Ask("INSERT INTO migrations (number, name, hash) SELECT 1, '0001_tables', repeat('0', 64)");
        var error = await Assert.ThrowsAsync<MigrationException>(database.MigrateAsync);
        Assert.Contains("was changed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "newer");
        await database.Ask("INSERT INTO migrations (number, name, hash) SELECT 999, '0999_later', repeat('0', 64)");
        var error = await Assert.ThrowsAsync<MigrationException>(database.MigrateAsync);
        Assert.Contains("999", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_engine_parses_every_migration_statement_of_a_cluster()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "variant");
        foreach (var statement in Migration.All.SelectMany(m => ClusterVariant.Of(m, "main")))
        {
            var formatted = await database.Client.QueryAsync("SELECT formatQuery({sql:String})",
                new Dictionary<string, string> { ["sql"] = statement });
            Assert.Contains("ON CLUSTER main", formatted, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_database_made_for_one_server_is_refused_for_a_cluster()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "single");
        using var client = new ClickHouseClient(database.Settings with { Cluster = "main" });
        var error = await Assert.ThrowsAsync<MigrationException>(() => new Migrator(client, NullLogger<Migrator>.Instance).RunAsync());
        Assert.Contains("Cluster of ClickHouse", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Views_read_one_generation_and_the_others_can_be_dropped()
    {
        using var database = await ClickHouseDatabase.CreateAsync(engine.Server.Url, "generation");
        var generations = new Generations(database.Client);
        var rebuilt = new WriterIdentity(2, "w-1");
        foreach (var block in SampleRows.Blocks(database.Writer, 2, SampleRows.Now))
        {
            await database.Client.InsertAsync(block.Table, block.Bytes, "old");
        }
        foreach (var block in SampleRows.Blocks(rebuilt, 3, SampleRows.Now))
        {
            await database.Client.InsertAsync(block.Table, block.Bytes, "new");
        }
        Assert.Empty(await database.DifferencesAsync(2));

        await generations.SwitchAsync(rebuilt);
        Assert.Equal(2ul, await generations.CurrentAsync());
        Assert.Empty(await database.DifferencesAsync(3));
        await Assert.ThrowsAsync<InvalidOperationException>(() => generations.DropAsync(2));
        Assert.Equal([1ul, 2ul], (await generations.ListAsync()).Select(g => g.Generation));
        await generations.DropAsync(1);
        Assert.Equal(2ul, Assert.Single(await generations.ListAsync()).Generation);
        Assert.Empty(await database.DifferencesAsync(3));
        foreach (var table in BlockBuilder.TableNames) Assert.Equal("2", await database.Ask($"SELECT DISTINCT generation FROM {table}"));

        await generations.SwitchAsync(database.Writer);
        Assert.Equal("0", await database.Ask("SELECT count() FROM members"));
    }
}
