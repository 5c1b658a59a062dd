namespace Streaming.Loadtests.Ladder.Panels;

/// <summary>A month of a hundred million events of a million members as the pipeline leaves it in ClickHouse: sums by minute, and
/// effects, since one in five events earns points.</summary>
internal static class MonthOfRows
{
    private const int Minutes = 30 * 24 * 60;

    /// <summary>The pseudonym of a member, in SQL: <c>number</c> says which.</summary>
    public const string Member = "lower(hex(sipHash128(number % 1000000)))";

    /// <summary>What fills a database with the migrations applied, statement after statement.</summary>
    public static IReadOnlyList<string> Statements { get; } =
    [
        "INSERT INTO generations (generation, switched, writer) SELECT 1, now64(3), 'scale'",
        "INSERT INTO rules_rows (inserted, generation, since, version, score_half_life) SELECT now64(3), 1, now64(3) - 2592000, " +
        "'v', 1209600",
        $"""
        INSERT INTO activity_rows (inserted, generation, minute, topic, kind, stage, tier, events)
        SELECT now64(3), 1, toStartOfMinute(now()) - 60 * intDiv(number, 60), ['clicks', 'purchases', 'chats'][1 + number % 3], concat('kind', toString(number % 15)),
            ['awareness', 'interest', 'engagement', 'loyalty'][1 + number % 4], ['base', 'waist', 'head'][1 + intDiv(number, 4) % 3], 39 FROM numbers({Minutes * 60})
        """,
        $"""
        INSERT INTO points_rows (inserted, generation, minute, kind, rule, stage, tier, entries, points)
        SELECT now64(3), 1, toStartOfMinute(now()) - 60 * intDiv(number, 24), ['points-earned', 'points-spent'][1 + number % 2], concat('rule', toString(number % 8)), 'loyalty', 'base', 19, 190
        FROM numbers({Minutes * 24})
        """,
        $"INSERT INTO transitions_rows (inserted, generation, minute, from_stage, to_stage, members) SELECT now64(3), 1, " +
        $"toStartOfMinute(now()) - 60 * intDiv(number, 6), 'interest', ['engagement', 'dormant', 'lapsed', 'recovered', 'loyalty', " +
        $"'conversion'][1 + number % 6], 3 FROM numbers({Minutes * 6})",
        "INSERT INTO population_rows (inserted, generation, gauge, bucket, name, members) SELECT now64(3), 1, 'stage', 1 + number, " +
        "['awareness', 'interest', 'engagement', 'conversion', 'loyalty', 'dormant', 'lapsed', 'recovered'][1 + number], 125000 " +
        "FROM numbers(8)",
        "INSERT INTO population_rows (inserted, generation, gauge, bucket, name, members) SELECT now64(3), 1, 'score', toInt32(4 * " +
        "toUnixTimestamp(now()) / 1209600) + number - 20, '', 25000 FROM numbers(40)",
        $"""
        INSERT INTO population_changes_rows (inserted, generation, minute, gauge, bucket, name, members)
        SELECT now64(3), 1, toStartOfMinute(now()) - 60 * intDiv(number, 80) AS at, if(number % 80 < 8, 'stage', if(number % 80 < 48, 'score', 'alert_day')),
            if(number % 80 < 8, 1 + number % 80, if(number % 80 < 48, toInt32(4 * toUnixTimestamp(at) / 1209600) + number % 80 - 28, 20000 + number % 80)),
            if(number % 80 < 8, ['awareness', 'interest', 'engagement', 'conversion', 'loyalty', 'dormant', 'lapsed', 'recovered'][1 + number % 8], ''), if(intDiv(number, 80) % 2 = 0, 1, -1)
        FROM numbers({Minutes * 80})
        """,
        $"INSERT INTO rejects_rows (inserted, generation, minute, topic, reason, records) SELECT now64(3), 1, toStartOfMinute(now()) - " +
        $"60 * intDiv(number, 3), ['clicks', 'purchases', 'chats'][1 + number % 3], 'unknown-kind', 1 FROM numbers({Minutes * 3})",
        "INSERT INTO retention_rows (inserted, generation, period, cohort, start, members) SELECT now64(3), 1, 'day', today() - number % " +
        "60, today() - intDiv(number, 60), 500 FROM numbers(3600)",
        $"INSERT INTO members_rows (inserted, generation, member, first_seen, updated, events, stage, tier) SELECT now64(3), 1, " +
        $"{Member}, now64(3) - 2592000, now64(3), 100, 'loyalty', 'base' FROM numbers(1000000)",
        $"INSERT INTO alerts_rows (inserted, generation, at, member, sequence, kind, reason, rule, stage, tier) SELECT now64(3), 1, " +
        $"now64(3) - number * 1.29, {Member}, number, ['alert-raised', 'alert-cleared'][1 + number % 2], 'gap', 'churn.gaps', 'loyalty', " +
        $"'base' FROM numbers(2000000)",
        $"INSERT INTO care_actions_rows (inserted, generation, at, member, sequence, kind, to, subject, stage, tier) SELECT now64(3), 1, " +
        $"now64(3) - number * 0.86, {Member}, number, 'care-action', 'greeting', 'app', 'loyalty', 'base' FROM numbers(3000000)",
        $"INSERT INTO rewards_rows (inserted, generation, at, member, sequence, kind, rule, stage, tier, points, value, cause) SELECT " +
        $"now64(3), 1, now64(3) - number * 0.1296, {Member}, number, 'points-earned', concat('rule', toString(number % 8)), 'loyalty', " +
        $"'base', 10, 500, 'clicks/1' FROM numbers(20000000)",
        $"INSERT INTO health_rows (inserted, generation, at, metric, label, value) SELECT now64(3), 1, now64(3) - 10 * intDiv(number, " +
        $"9), ['lag_records', 'latency_seconds', 'records_per_second', 'commit_age_seconds', 'outbox_waiting', 'outbox_age_seconds', " +
        $"'landing_seconds', 'shard_records_per_second', 'records_per_second'][1 + number % 9], ['', '0.99', 'clicks', '', 'kafka', " +
        $"'kafka', '', '0', 'chats'][1 + number % 9], 1 FROM numbers({30 * 8640 * 9})",
    ];
}
