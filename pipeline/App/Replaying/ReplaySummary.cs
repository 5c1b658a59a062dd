using System.Globalization;
using Spectre.Console;
using Streaming.App.Hosting;
using Streaming.App.Installing;
using Streaming.ClickHouse.Client;
using Streaming.Replay.Running;

namespace Streaming.App.Replaying;

/// <summary>What a replay says at its end: where every row went. It is about the whole replay, however
/// often it was interrupted: ClickHouse is asked what landed.</summary>
internal static class ReplaySummary
{
    private const string Landed = """
        SELECT 'applied: ' || kind, sum(events) FROM activity_rows WHERE generation = {generation:UInt64} AND topic != 'signals' GROUP BY kind
        UNION ALL
        SELECT if(reason = 'duplicate', 'applied before (same id)', 'dead letter: ' || reason), sum(records) FROM rejects_rows
        WHERE generation = {generation:UInt64} AND NOT has({leftOut:Array(String)}, reason) GROUP BY reason
        UNION ALL SELECT 'members', uniqExact(member) FROM members_rows WHERE generation = {generation:UInt64}
        UNION ALL SELECT 'alerts', count() FROM alerts_rows WHERE generation = {generation:UInt64}
        UNION ALL SELECT 'rewards', count() FROM rewards_rows WHERE generation = {generation:UInt64}
        UNION ALL SELECT 'care actions', count() FROM care_actions_rows WHERE generation = {generation:UInt64}
        UNION ALL SELECT 'changes', count() FROM changes_rows WHERE generation = {generation:UInt64}
        """;

    public static async Task PrintAsync(
        FileReplay replay, EmbeddedHost host, TimeSpan took, UpSettings settings, RejectedRows rejected, EffectFiles? effects,
            CancellationToken stop)
    {
        var table = new Table().AddColumn("what").AddColumn(new TableColumn("rows").RightAligned());
        foreach (var file in replay.Counts) AddFile(table, file);
        foreach (var (what, count) in await AskAsync(host.ClickHouse.Client, host.Identity.Writer.Generation, replay, stop))
            table.AddRow(Markup.Escape(what), $"{count:N0}");
        AnsiConsole.Write(table);
        var (rate, generation) = (replay.Rows / took.TotalSeconds, host.Identity.Writer.Generation);
        Say($"{replay.Rows:N0} rows in {took.TotalSeconds:N1} s ({rate:N0} rows/s). ClickHouse generation {generation}.");
        if (rejected.Count > 0) Say($"Rejected rows with reason and line number: {rejected.Path}");
        if (effects is not null) Say($"Alerts, rewards, care actions and changes: {effects.Path}");
        if (settings.EmbeddedClickHouse) Say($"Look at it: streaming up --data {Path.GetFullPath(settings.Data)}");
    }

    private static void AddFile(Table table, ReplayCounts file)
    {
        table.AddRow(Markup.Escape($"rows of {Path.GetFileName(file.Path)}"), $"{file.Rows:N0}");
        foreach (var (reason, count) in file.LeftOut) table.AddRow(Markup.Escape($"  left out: {reason}"), $"{count:N0}");
        if (file.Joined > 0) table.AddRow("  rows joined to an order before them", $"{file.Joined:N0}");
        table.AddRow("  sent", $"{file.Sent:N0}");
        if (file.Late > 0) table.AddRow("    of them later than the mapping allows", $"{file.Late:N0}");
    }

    private static async Task<IReadOnlyList<(string What, long Count)>> AskAsync(ClickHouseClient clickhouse, ulong generation,
        FileReplay replay, CancellationToken stop)
    {
        var leftOut = replay.Counts.SelectMany(file => file.LeftOut.Keys).Except(replay.Counts.SelectMany(file => file.Rejected.Keys))
            .Distinct();
        var answer = await clickhouse.QueryAsync(
            Landed,
            new Dictionary<string, string>
            {
                ["generation"] = generation.ToString(CultureInfo.InvariantCulture),
                ["leftOut"] = $"[{string.Join(',', leftOut.Select(reason => $"'{reason}'"))}]",
            },
            stop: stop);
        return
        [
            .. answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t'))
                .Select(f => (f[0], long.Parse(f[1], CultureInfo.InvariantCulture)))
                .OrderBy(line => line.Item1.Contains(':', StringComparison.Ordinal) ? 0 : 1)
                    .ThenBy(line => line.Item1, StringComparer.Ordinal),
        ];
    }

    private static void Say(FormattableString text) => AnsiConsole.MarkupLine(Markup.Escape(text.ToString(CultureInfo.InvariantCulture)));
}
