using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.TestKit;

/// <summary>What <c>GET /v1/metrics</c> answered, read as Prometheus reads it.</summary>
public sealed partial class PrometheusText
{
    private PrometheusText(IReadOnlyDictionary<string, string> types, IReadOnlyDictionary<string, double> values) =>
        (Types, Values) = (types, values);

    /// <summary>Every family that a host at work shows, with its type: the same for one machine and a silo.</summary>
    public static IReadOnlyDictionary<string, string> FamiliesOfARunningHost { get; } =
        new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["streaming_batch_apply_seconds"] = "histogram",
        ["streaming_block_landing_seconds"] = "histogram",
        ["streaming_broker_gone_records_total"] = "counter",
        ["streaming_broker_lag_records"] = "gauge",
        ["streaming_broker_messages_delivered_total"] = "counter",
        ["streaming_broker_unsent_commits"] = "gauge",
        ["streaming_clickhouse_blocks_waiting"] = "gauge",
        ["streaming_clickhouse_rows_delivered_total"] = "counter",
        ["streaming_commit_age_seconds"] = "gauge",
        ["streaming_commit_write_seconds"] = "histogram",
        ["streaming_commits_failing"] = "gauge",
        ["streaming_duplicates_total"] = "counter",
        ["streaming_effects_total"] = "counter",
        ["streaming_events_applied_total"] = "counter",
        ["streaming_intake_held"] = "gauge",
        ["streaming_members_aside"] = "gauge",
        ["streaming_members_in_memory"] = "gauge",
        ["streaming_messages_acknowledge_seconds"] = "histogram",
        ["streaming_parked_items"] = "gauge",
        ["streaming_partitions_blocked"] = "gauge",
        ["streaming_ready"] = "gauge",
        ["streaming_record_durable_seconds"] = "histogram",
        ["streaming_record_read_seconds"] = "histogram",
        ["streaming_records_rejected_total"] = "counter",
        ["streaming_spool_bytes"] = "gauge",
        ["streaming_wakes_total"] = "counter",
    };

    /// <summary>Type by family, sorted by name; only the pipeline's own.</summary>
    public IReadOnlyDictionary<string, string> Types { get; }

    /// <summary>Value by name and labels, <c>name{label="value"}</c>, or the name alone where there are none.</summary>
    public IReadOnlyDictionary<string, double> Values { get; }

    /// <summary>Reads an answer.</summary>
    /// <exception cref="FormatException">A line does not match the format.</exception>
    public static PrometheusText Parse(string text)
    {
        var types = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#')
            {
                var words = line.Split(' ');
                if (words[1] == "TYPE" && words[2].StartsWith("streaming_", StringComparison.Ordinal)) types.Add(words[2], words[3]);
                continue;
            }

            var sample = Sample().Match(line);
            if (!sample.Success) throw new FormatException(line);
            values.Add(sample.Groups[1].Value + (sample.Groups[2].Value == "{}" ? "" : sample.Groups[2].Value),
                double.Parse(sample.Groups[3].Value, CultureInfo.InvariantCulture));
        }

        return new PrometheusText(types, values);
    }

    /// <summary>The sum over all labels of a family.</summary>
    public double Sum(string name) =>
        Values.Where(v => v.Key == name || v.Key.StartsWith(name + "{", StringComparison.Ordinal)).Sum(v => v.Value);

    [GeneratedRegex("""^([a-z_]+)(\{(?:[a-z_]+="[^"]*",?)*\})? (\S+)$""")]
    private static partial Regex Sample();
}
