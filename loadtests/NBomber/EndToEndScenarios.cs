using System.Globalization;
using System.Text;
using Confluent.Kafka;
using NBomber.Contracts;
using NBomber.CSharp;
using Streaming.Kafka.Client;

namespace Streaming.Loadtests.NBomber;

/// <summary>From an event handed to Kafka to what it must cause on the output topic: a purchase's points, a complaint's alert.</summary>
internal sealed class EndToEndScenarios : IDisposable
{
    /// <summary>Name of the scenario of purchases.</summary>
    public const string Reward = "purchase-to-reward";

    /// <summary>Name of the scenario of complaints.</summary>
    public const string Alert = "complaint-to-alert";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly IProducer<byte[], byte[]> producer;
    private readonly OutputWaiter outputs;
    private readonly string run, topicPrefix;
    private long number;

    /// <summary>Connects to Kafka; members and events have ids of the run's own.</summary>
    public EndToEndScenarios(KafkaSettings kafka, string topicPrefix, string run)
    {
        this.run = run;
        this.topicPrefix = topicPrefix;
        outputs = new OutputWaiter(kafka, topicPrefix);
        producer = new ProducerBuilder<byte[], byte[]>(kafka.Producer()).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>Both scenarios' calls; each is a member of its own, since a member that complains again is in its cooldown.</summary>
    public Func<CallSchedule, Task<IResponse>> Of(string name) => name == Reward
        ? pace => CallAsync(pace, "purchases", "points-earned", """ "kind":"paid","order":"{0}","amount":"12.34","currency":"EUR" """)
        : pace => CallAsync(pace, "chats", "alert-raised", """ "kind":"complaint","room":"support","text":"it never came","case":"{0}" """);

    /// <inheritdoc/>
    public void Dispose()
    {
        outputs.Dispose();
        producer.Dispose();
    }

    private async Task<IResponse> CallAsync(CallSchedule pace, string topic, string effect, string fields)
    {
        var due = await pace.NextAsync();
        var id = $"nb-{run}-{Interlocked.Increment(ref number)}";
        var seen = outputs.For(effect, $"{topic}/{id}");
        var at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var value = string.Create(CultureInfo.InvariantCulture,
            $$"""{"id":"{{id}}","member":"{{id}}","at":{{at}},{{fields.Replace("{0}", id, StringComparison.Ordinal)}}}""");
        try
        {
            Produce(topic, new Message<byte[], byte[]> { Key = Encoding.ASCII.GetBytes(id), Value = Encoding.UTF8.GetBytes(value) });
            await seen.WaitAsync(Patience);
            return Response.Ok(latencyMs: due.Elapsed.TotalMilliseconds, sizeBytes: value.Length);
        }
        catch (TimeoutException)
        {
            return Response.Fail(statusCode: "lost", message: $"no {effect} within {Patience.TotalSeconds} s",
                latencyMs: due.Elapsed.TotalMilliseconds);
        }
        catch (ProduceException<byte[], byte[]> e)
        {
            return Response.Fail(statusCode: "refused", message: e.Error.Reason, latencyMs: due.Elapsed.TotalMilliseconds);
        }
    }

    // a refusal after this shows as an effect that never comes
    private void Produce(string topic, Message<byte[], byte[]> message) => producer.Produce(topicPrefix + topic, message);
}
