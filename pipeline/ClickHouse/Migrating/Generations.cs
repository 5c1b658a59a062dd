using System.Globalization;
using Streaming.ClickHouse.Client;
using Streaming.ClickHouse.Tables;
using Streaming.Engine.Storing;

namespace Streaming.ClickHouse.Migrating;

/// <summary>Reads and switches the generation that the views read. A rebuild writes its rows beside the current generation and becomes
/// current when it has caught up.</summary>
public sealed class Generations(IClickHouse client)
{
    /// <summary>The generation views read, or 0 when there is none yet.</summary>
    public async Task<ulong> CurrentAsync(CancellationToken stop = default) =>
        ulong.Parse((await client.QueryAsync("SELECT generation FROM current_generation", stop: stop)).Trim(),
            CultureInfo.InvariantCulture);

    /// <summary>Every generation that has rows, with how many, by number.</summary>
    public async Task<IReadOnlyList<(ulong Generation, long Rows)>> ListAsync(CancellationToken stop = default)
    {
        var answer = await client.QueryAsync(
            "SELECT toUInt64(splitByChar('-', partition_id)[1]) AS generation, sum(rows) FROM system.parts "
            + "WHERE active AND database = currentDatabase() AND has({tables:Array(String)}, table) GROUP BY generation ORDER BY generation",
            new Dictionary<string, string> { ["tables"] = $"['{string.Join("','", EngagementTables.Names)}']" },
            stop: stop);
        return [.. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
            .Select(f => (ulong.Parse(f[0], CultureInfo.InvariantCulture), long.Parse(f[1], CultureInfo.InvariantCulture)))];
    }

    /// <summary>From now on views read the writer's generation. Nothing happens when they do already.</summary>
    public async Task SwitchAsync(WriterIdentity to, CancellationToken stop = default)
    {
        if (await CurrentAsync(stop) == to.Generation) return;
        await client.QueryAsync(
            "INSERT INTO generations (generation, switched, writer) SELECT {generation:UInt64}, greatest(now64(3), (SELECT max(switched) " +
            "FROM generations) + INTERVAL 1 MILLISECOND), {writer:String}",
            new Dictionary<string, string> { ["generation"] = to.Generation.ToString(CultureInfo.InvariantCulture),
            ["writer"] = to.Writer },
            stop: stop);
    }

    /// <summary>Drops every row of a generation that is not the current one.</summary>
    /// <exception cref="InvalidOperationException">Views read it.</exception>
    public async Task DropAsync(ulong generation, CancellationToken stop = default)
    {
        if (await CurrentAsync(stop) == generation)
        {
            throw new InvalidOperationException($"Generation {generation} is the current one: switch to another before dropping it.");
        }
        foreach (var table in EngagementTables.Names)
        {
            var partitions = await client.QueryAsync(
                "SELECT DISTINCT partition_id FROM system.parts WHERE active AND database = currentDatabase() AND table = {table:String} "
                + "AND (partition_id = {generation:String} OR startsWith(partition_id, {generation:String} || '-'))",
                new Dictionary<string, string> { ["table"] = table, ["generation"] = generation.ToString(CultureInfo.InvariantCulture) },
                stop: stop);
            foreach (var id in partitions.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                await client.QueryAsync($"ALTER TABLE {table} DROP PARTITION ID '{id}'", stop: stop);
        }
    }
}
