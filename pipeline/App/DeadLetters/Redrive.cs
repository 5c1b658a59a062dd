using Confluent.Kafka;
using Streaming.Common.CommandLine;
using Streaming.Kafka.Client;

namespace Streaming.App.DeadLetters;

/// <summary>Sends letters to the input topics they came from, each once for ever.</summary>
/// <remarks>
/// With each record goes a message into the topic of dead letters that says so, in one Kafka transaction: so that both are written or
/// neither is, whatever fails. All runs share one transactional id, so that a second run fences off the first before it reads what was
/// sent.
/// </remarks>
internal sealed class Redrive : IDisposable
{
    private const int AtOnce = 500;
    private readonly IProducer<byte[]?, byte[]?> producer;
    private readonly string prefix, letters;
    private readonly TextWriter progress;

    /// <summary>Ends a run that may still be under way.</summary>
    /// <exception cref="KafkaException">The broker does not answer, or refuses transactions.</exception>
    public Redrive(KafkaSettings settings, string prefix, TextWriter progress)
    {
        (this.prefix, this.progress) = (prefix, progress);
        letters = prefix + "dead-letters";
        var config = new ProducerConfig(settings.Producer()) { TransactionalId = $"streaming-redrive-{letters}", MessageTimeoutMs = null };
        producer = new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, _) => { }).Build();
        producer.InitTransactions(DeadLetterReader.AnswerWithin);
    }

    /// <summary>Sends those that can be sent, and tells how many were and why others were not.</summary>
    public RedriveResult Run(IEnumerable<StoredDeadLetter> chosen)
    {
        var result = new RedriveResult();
        foreach (var chunk in chosen.Chunk(AtOnce))
        {
            var sendable = chunk.Where(result.Admits).ToList();
            if (sendable.Count > 0) Send(sendable, result.Sent);
            result.Sent += sendable.Count;
            if (sendable.Count > 0) progress.WriteLine($"{result.Sent} sent");
        }

        return result;
    }

    /// <inheritdoc/>
    public void Dispose() => producer.Dispose();

    private void Send(List<StoredDeadLetter> chunk, int before)
    {
        producer.BeginTransaction();
        try
        {
            foreach (var letter in chunk)
            {
                producer.Produce(prefix + letter.Topic, letter.Original());
                producer.Produce(new TopicPartition(letters, letter.Partition), letter.Mark());
            }

            producer.CommitTransaction(DeadLetterReader.AnswerWithin * 4);
        }
        catch (KafkaException e)
        {
            throw new CommandException($"{before} records were sent again and the rest was not: {e.Error.Reason}. Repeat this: what was " +
                "sent is not sent twice.");
        }
    }
}

/// <summary>What became of the letters.</summary>
internal sealed class RedriveResult
{
    /// <summary>Sent again.</summary>
    public int Sent { get; set; }

    /// <summary>Holding only the beginning of their record.</summary>
    public int Cut { get; private set; }

    /// <summary>Naming no input topic.</summary>
    public int Foreign { get; private set; }

    /// <summary>True for a letter that can be sent; others are counted.</summary>
    public bool Admits(StoredDeadLetter letter)
    {
        if (letter.Topic is null) Foreign++;
        else if (!letter.IsWhole) Cut++;
        else return true;
        return false;
    }
}
