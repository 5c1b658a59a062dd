using Streaming.Engine.Rows;
using Streaming.Engine.Status;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>Health rows that every host writes. Dashboards and alert rules query each of them.</summary>
public sealed class HealthReportTests
{
    private const long Now = 1_000_000;

    private static readonly OpsStatus Well = new() { StartedAt = 1 };

    [Fact]
    public void The_health_rows_of_a_new_host_show_that_nothing_waits() => Assert.Equal(
        [
            new HealthRow("outbox_waiting", "kafka", 0), new HealthRow("outbox_waiting", "clickhouse", 0),
            new HealthRow("outbox_age_seconds", "kafka", 0), new HealthRow("outbox_age_seconds", "clickhouse", 0),
            new HealthRow("members_aside", "", 0), new HealthRow("parked_items", "", 0),
        ],
        HealthReport.Of(Well, "", Now));

    [Fact]
    public void Health_rows_give_what_waits_with_its_age_per_outbox() => Assert.Equal(
        [
            new HealthRow("lag_records", "w", 7),
            new HealthRow("outbox_waiting", "kafka", 3), new HealthRow("outbox_waiting", "clickhouse", 4),
            new HealthRow("outbox_age_seconds", "kafka", 60), new HealthRow("outbox_age_seconds", "clickhouse", 120),
            new HealthRow("members_aside", "w", 1), new HealthRow("parked_items", "w", 2),
            new HealthRow("landing_seconds", "", 0.25),
        ],
        HealthReport.Of(
            Well with
            {
                Aside = 1,
                Parked = 2,
                Broker = new BrokerStatus { Lag = 7, Unsent = 3, SendingFailsSince = Now - 60_000 },
                ClickHouse = new ClickHouseStatus { Waiting = 4, AwaySince = Now - 120_000, Blocks = 1, LandingDelay = 250 },
            },
            "w", Now));
}
