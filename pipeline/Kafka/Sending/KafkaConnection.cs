using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Streaming.Kafka.Client;

namespace Streaming.Kafka.Sending;

/// <summary>A producer, and the thread that takes its reports.</summary>
internal sealed class KafkaConnection : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly IProducer<Null, Null> producer;
    private readonly IProducerReports reports;
    private readonly Action looked;
    private readonly Action<Exception> fault;
    private readonly Thread thread;
    private volatile bool closing;

    /// <summary>Connects; a broker that is away is waited for by the client itself.</summary>
    /// <param name="settings">How to reach Kafka.</param>
    /// <param name="topics">Names of the topics; messages and reports name them by index.</param>
    /// <param name="reports">Is told what became of messages, by this connection's thread.</param>
    /// <param name="looked">Called after every look for reports: there may be room for further messages.</param>
    /// <param name="fault">Told when the reports cannot be taken any more.</param>
    /// <param name="log">For people.</param>
    /// <exception cref="KafkaException">A topic's name is none.</exception>
    public KafkaConnection(KafkaSettings settings, IReadOnlyList<string> topics, IProducerReports reports, Action looked,
        Action<Exception> fault, ILogger log)
    {
        this.reports = reports;
        this.looked = looked;
        this.fault = fault;
        producer = new ProducerBuilder<Null, Null>(settings.Sender()).SetLogHandler(ClientLog.To(log)).Build();
        try
        {
            Queue = new ProducerQueue(producer, topics);
        }
        catch
        {
            producer.Dispose();
            throw;
        }

        thread = new Thread(Run) { IsBackground = true, Name = "kafka-reports" };
        thread.Start();
    }

    /// <summary>Takes messages.</summary>
    public ProducerQueue Queue { get; }

    /// <summary>Ends without waiting for what is on its way; nothing is reported afterwards.</summary>
    public void Dispose()
    {
        closing = true;
        thread.Join();
        Queue.Dispose();
        producer.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!closing)
            {
                Queue.Poll(Look, reports);
                looked();
            }
        }
#pragma warning disable CA1031 // told to the host, which stops the process with the sentence
        catch (Exception e)
#pragma warning restore CA1031
        {
            fault(e);
        }
    }
}
