using System.Diagnostics.Metrics;
using Streaming.Engine.Status;

namespace Streaming.Pipeline.Tests.Engine;

/// <summary>Metric names are used in operators' dashboards and alert rules: changing one breaks them.</summary>
public sealed class PipelineMetricsTests
{
    private const string Table =
        """
        streaming.batch.apply                    Histogram          s
        streaming.block.landing                  Histogram          s
        streaming.broker.gone_records            ObservableCounter  {record}
        streaming.broker.lag_records             ObservableGauge    {record}
        streaming.broker.messages_delivered      ObservableCounter  {message}
        streaming.broker.unsent_commits          ObservableGauge    {commit}
        streaming.clickhouse.blocks_waiting      ObservableGauge    {block}
        streaming.clickhouse.rows_delivered      ObservableCounter  {row}
        streaming.commit.age                     ObservableGauge    s
        streaming.commit.write                   Histogram          s
        streaming.commits.failing                ObservableGauge    {state}
        streaming.duplicates                     ObservableCounter  {event}
        streaming.effects                        ObservableCounter  {effect}
        streaming.events.applied                 ObservableCounter  {event}      kind
        streaming.fact_warnings                  ObservableCounter  {event}      warning
        streaming.intake.held                    ObservableGauge    {state}
        streaming.members.aside                  ObservableGauge    {member}
        streaming.members.in_memory              ObservableGauge    {member}
        streaming.messages.acknowledge           Histogram          s
        streaming.parked.items                   ObservableGauge    {item}
        streaming.partitions.blocked             ObservableGauge    {partition}
        streaming.ready                          ObservableGauge    {state}
        streaming.record.durable                 Histogram          s
        streaming.record.read                    Histogram          s
        streaming.records.rejected               ObservableCounter  {record}     reason
        streaming.spool                          ObservableGauge    By
        streaming.wakes                          ObservableCounter  {wake}
        """;

    private static readonly OpsStatus Busy = new()
    {
        StartedAt = 1,
        CommitAt = 1,
        Applied = new Dictionary<string, long> { ["view"] = 3 },
        Rejected = new Dictionary<string, long> { ["not-json"] = 2 },
        Warned = new Dictionary<string, long> { ["tags-unused"] = 1 },
        Broker = new BrokerStatus { Lag = 7 },
    };

    [Fact]
    public void Names_kinds_units_and_labels_are_those_of_the_table()
    {
        using var metrics = new PipelineMetrics();
        metrics.Observe(() => Busy, _ => true);
        using var seen = new Seen(metrics);
        Exercise(metrics);
        seen.Collect();
        var rows = seen.Instruments.Values.OrderBy(i => i.Name, StringComparer.Ordinal).Select(i =>
            $"{i.Name,-40} {i.GetType().Name.Split('`')[0],-18} {i.Unit,-12} {string.Join(",", seen.Labels[i.Name])}".TrimEnd());
        Assert.Equal(Table.Split('\n').Select(l => l.TrimEnd()), rows);
    }

    [Fact]
    public void Every_instrument_says_what_it_counts_and_latencies_have_buckets_from_a_millisecond_to_a_minute()
    {
        using var metrics = new PipelineMetrics();
        using var seen = new Seen(metrics);
        Assert.All(seen.Instruments.Values, i => Assert.EndsWith(".", i.Description, StringComparison.Ordinal));
        Assert.All(seen.Instruments.Values.OfType<Histogram<double>>(), h =>
        {
            var bounds = h.Advice!.HistogramBucketBoundaries!;
            Assert.Equal((0.001, 60), (bounds[0], bounds[^1]));
            Assert.Equal(bounds.Order(), bounds);
        });
    }

    [Fact]
    public void Nothing_is_shown_before_a_host_is_observed()
    {
        using var metrics = new PipelineMetrics();
        using var seen = new Seen(metrics);
        seen.Collect();
        Assert.Empty(seen.Labels);
    }

    [Fact]
    public void An_unknown_lag_is_not_measured()
    {
        using var metrics = new PipelineMetrics();
        metrics.Observe(() => Busy with { Broker = new BrokerStatus { Lag = -1 } }, _ => true);
        using var seen = new Seen(metrics);
        seen.Collect();
        Assert.DoesNotContain(MetricNames.BrokerLag, seen.Labels.Keys);
        Assert.Contains(MetricNames.BrokerGone, seen.Labels.Keys);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(32, 32)]
    [InlineData(33, 17)]
    [InlineData(8_000, 32)]
    public void At_most_32_evenly_spread_records_of_a_batch_are_measured(int records, int measured)
    {
        using var metrics = new PipelineMetrics();
        using var seen = new Seen(metrics);
        var at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        metrics.RecordsRead(Enumerable.Range(0, records).Select(i => at - i).ToList(), at);
        var values = seen.Values[MetricNames.RecordRead];
        Assert.Equal(measured, values.Count);
        Assert.Equal(0, values[0]);
        Assert.InRange(values[^1], (records - 1 - (records / 16.0)) / 1000, (records - 1) / 1000.0);
    }

    [Fact]
    public void A_timestamp_ahead_of_the_clock_counts_as_no_latency()
    {
        using var metrics = new PipelineMetrics();
        using var seen = new Seen(metrics);
        metrics.Durable([5_000L], 1_000);
        Assert.Equal([0], seen.Values[MetricNames.RecordDurable]);
    }

    private static void Exercise(PipelineMetrics metrics)
    {
        metrics.RecordsRead([1L], 2);
        metrics.Durable([1L], 2);
        metrics.Applied(TimeSpan.FromSeconds(1));
        metrics.Written(TimeSpan.FromSeconds(1));
        metrics.Acknowledged(TimeSpan.FromSeconds(1));
        metrics.Landed(TimeSpan.FromSeconds(1));
    }

    /// <summary>Records the measurements of one host's instruments.</summary>
    private sealed class Seen : IDisposable
    {
        private readonly MeterListener listener = new();

        public Seen(PipelineMetrics metrics)
        {
            listener.InstrumentPublished = (instrument, to) =>
            {
                if (!ReferenceEquals(instrument.Meter, metrics.Meter)) return;
                Instruments[instrument.Name] = instrument;
                to.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Hear(i, value, tags));
            listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Hear(i, value, tags));
            listener.Start();
        }

        public Dictionary<string, Instrument> Instruments { get; } = [];

        public Dictionary<string, List<double>> Values { get; } = [];

        public Dictionary<string, List<string>> Labels { get; } = [];

        public void Collect() => listener.RecordObservableInstruments();

        public void Dispose() => listener.Dispose();

        private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (!Values.TryGetValue(instrument.Name, out var values)) Values[instrument.Name] = values = [];
            values.Add(value);
            Labels[instrument.Name] = [.. tags.ToArray().Select(t => t.Key)];
        }
    }
}
