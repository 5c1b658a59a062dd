using System.Text;
using Confluent.Kafka;
using Streaming.App.Hosting;
using Streaming.Kafka.Client;

namespace Streaming.App.Sample;

/// <summary>Simulated members: a small stream of plausible events, so that a new user sees the pipeline at work.</summary>
/// <remarks>Paces itself by what the pipeline has taken where the broker keeps little. Ids begin
/// with the time of its start, so that no run repeats another's.</remarks>
/// <param name="kafka">Where they are sent to.</param>
/// <param name="prefix">What the names of the topics begin with.</param>
/// <param name="rate">Events per second.</param>
/// <param name="paceBy">The host whose commits must keep up, or null for a broker that keeps what it is given.</param>
/// <param name="log">Logs when the broker refuses an event.</param>
internal sealed class SampleTraffic(KafkaSettings kafka, string prefix, int rate, EmbeddedHost? paceBy, ILogger log)
{
    private const int Members = 200;
    private readonly SampleEvents life = new(Members, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    /// <summary>Sends until it is told to stop, or the broker refuses.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(kafka.Producer()).SetLogHandler((_, _) => { })
            .SetErrorHandler((_, _) => { }).Build();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / rate));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                if (paceBy?.Status.Held is not null) continue;
                var (topic, member, json) = life.Next(DateTimeOffset.UtcNow);
                producer.Produce(prefix + topic, new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes(member),
                    Value = Encoding.UTF8.GetBytes(json) });
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            log.SampleEnded();
        }
        catch (KafkaException e)
        {
            log.SampleRefused(e.Error.Reason);
        }
    }
}
