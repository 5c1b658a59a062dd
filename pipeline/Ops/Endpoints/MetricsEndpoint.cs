using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Streaming.Ops.Health;
using Streaming.Ops.Hosting;

namespace Streaming.Ops.Endpoints;

/// <summary><c>GET /v1/metrics</c>: the host's figures in Prometheus' text format. Counters count since the start of the process.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/metrics", (IOpsHost host, OpsSettings settings, TimeProvider time) =>
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return Results.Text(Write(host.Report(), settings, now), "text/plain; version=0.0.4");
    });

    private static string Write(OpsStatus status, OpsSettings settings, long now)
    {
        var text = new StringBuilder();
        Family("events_applied_total", "counter", "Events applied, by kind.", status.Applied, "kind");
        Family("records_rejected_total", "counter", "Records that became dead letters, by reason.", status.Rejected, "reason");
        Family("fact_warnings_total", "counter", "Events whose facts about the member were odd; what was odd was left out, the " +
            "rest counts.", status.Warned, "warning");
        One("duplicates_total", "counter", "Events seen before, which changed nothing.", status.Duplicates);
        One("wakes_total", "counter", "Members looked at because they were due.", status.Wakes);
        One("effects_total", "counter", "Effects of any kind.", status.Effects);
        One("members_in_memory", "gauge", "Members in memory.", status.Cached);
        One("commit_age_seconds", "gauge", "Since the newest durable commit; 0 before the first.", status.CommitAt == 0 ? 0
            : (now - status.CommitAt) / 1000.0);
        One("commits_failing", "gauge", "1 while no commit can be written.", status.CommitFailure is null ? 0 : 1);
        One("intake_held", "gauge", "1 while nothing is taken in, since too much waits.", status.Held is null ? 0 : 1);
        One("spool_bytes", "gauge", "Bytes that wait for Kafka, ClickHouse or snapshots.", status.SpoolBytes);
        One("parked_items", "gauge", "Messages and blocks that were refused for good.", status.Parked);
        One("members_aside", "gauge", "Members the program failed on when they were due or the rules changed.", status.Aside);
        if (status.Broker.Lag >= 0) One("broker_lag_records", "gauge", "Records waiting to be read.", status.Broker.Lag);
        One("partitions_blocked", "gauge", "Partitions that cannot be read on before an operator acts.", status.Broker.Blocked.Count);
        One("broker_gone_records_total", "counter", "Records that were gone before they were read.", status.Broker.Gone);
        One("broker_unsent_commits", "gauge", "Durable commits whose messages are not yet acknowledged.", status.Broker.Unsent);
        One("broker_messages_delivered_total", "counter", "Messages acknowledged.", status.Broker.Delivered);
        One("clickhouse_blocks_waiting", "gauge", "Blocks waiting for ClickHouse.", status.ClickHouse.Waiting);
        One("clickhouse_rows_delivered_total", "counter", "Rows that landed in ClickHouse.", status.ClickHouse.Rows);
        One("ready", "gauge", "1 while the host is ready.", Readiness.Reasons(status, settings, now).Count == 0 ? 1 : 0);
        return text.ToString();

        void Head(string name, string type, string help) =>
            text.Append(CultureInfo.InvariantCulture, $"# HELP streaming_{name} {help}\n# TYPE streaming_{name} {type}\n");

        void One(string name, string type, string help, double value)
        {
            Head(name, type, help);
            text.Append(CultureInfo.InvariantCulture, $"streaming_{name} {value}\n");
        }

        void Family(string name, string type, string help, IReadOnlyDictionary<string, long> values, string label)
        {
            Head(name, type, help);
            foreach (var (of, value) in values)
            {
                text.Append(CultureInfo.InvariantCulture, $"streaming_{name}{{{label}=\"{of}\"}} {value}\n");
            }
        }
    }
}
