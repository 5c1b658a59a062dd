using System.CommandLine;
using System.Text;
using Confluent.Kafka;
using Streaming.Pipeline.Effects;
using Streaming.Pipeline.Kafka;

namespace Streaming.App.Commands;

/// <summary><c>streaming dead-letters</c>: rejected records with their reasons, and sending them again once the cause is mended.</summary>
internal static class DeadLettersCommand
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);
    private static readonly Option<string> Kafka = new("--kafka") { Description = "Bootstrap servers (see endpoints.json of a running installation).", HelpName = "HOST:PORT", Required = true };
    private static readonly Option<string> TopicPrefix = new("--topic-prefix") { Description = "What the installation's topics begin with (its setting TopicPrefix).", HelpName = "PREFIX", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Reason = new("--reason") { Description = "Only records with this reason." };
    private static readonly Option<string> Topic = new("--topic") { Description = "Only records that came from this topic." };
    private static readonly Option<int> Most = new("--most") { Description = "At most so many, oldest first.", DefaultValueFactory = _ => 1_000 };

    public static Command Create()
    {
        var list = new Command("list", "Show dead letters: position, reason, first bytes.") { Kafka, TopicPrefix, Reason, Topic, Most };
        list.SetAction(parsed => List(parsed));
        var redrive = new Command("redrive", "Send the records to the topics they came from, as they were.") { Kafka, TopicPrefix, Reason, Topic, Most };
        redrive.SetAction(parsed => Redrive(parsed));
        return new Command("dead-letters", "List or redrive rejected records.") { list, redrive };
    }

    private static int List(ParseResult parsed)
    {
        foreach (var (message, header) in Read(parsed))
        {
            var value = message.Value ?? [];
            var shown = Encoding.UTF8.GetString(value.AsSpan(0, Math.Min(value.Length, 120))).ReplaceLineEndings(" ");
            Console.WriteLine($"{header(DeadLetter.Topic)}/{header(DeadLetter.Partition)}@{header(DeadLetter.Offset)}  {header(DeadLetter.Reason)}  {shown}");
        }

        return Cli.Done;
    }

    private static int Redrive(ParseResult parsed)
    {
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(Settings(parsed).Producer()).SetLogHandler((_, _) => { }).Build();
        var count = 0;
        Error? failure = null;
        foreach (var (message, header) in Read(parsed))
        {
            var headers = new Headers();
            foreach (var h in message.Headers)
            {
                if (!h.Key.StartsWith(DeadLetter.Prefix, StringComparison.Ordinal)) headers.Add(h.Key, h.GetValueBytes());
            }

            producer.Produce(parsed.GetValue(TopicPrefix) + header(DeadLetter.Topic), new Message<byte[]?, byte[]?> { Key = message.Key, Value = message.Value, Headers = headers }, report =>
            {
                if (report.Error.IsError) failure = report.Error;
            });
            count++;
        }

        if (producer.Flush(AnswerWithin) is > 0 and var waiting)
            throw new CommandException($"{waiting} of {count} records were not taken by the broker within {AnswerWithin.TotalSeconds:0} s. Those that were are recognised by their ids when you repeat this.");
        if (failure is not null) throw new CommandException($"Not all records could be sent again: {failure.Reason}. Those that were are recognised by their ids when you repeat this.");
        Console.WriteLine($"{count} records sent again.");
        return Cli.Done;
    }

    private static KafkaSettings Settings(ParseResult parsed)
    {
        KafkaNative.Load();
        return new KafkaSettings { Bootstrap = parsed.GetRequiredValue(Kafka) };
    }

    private static IEnumerable<(Message<byte[]?, byte[]?> Message, Func<string, string> Header)> Read(ParseResult parsed)
    {
        var settings = Settings(parsed);
        using var admin = new AdminClientBuilder(settings.Admin()).SetLogHandler((_, _) => { }).Build();
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(settings.Consumer()).SetLogHandler((_, _) => { }).Build();
        var letters = parsed.GetValue(TopicPrefix) + "dead-letters";
        var partitions = admin.GetMetadata(letters, AnswerWithin).Topics[0].Partitions.Select(p => new TopicPartition(letters, p.PartitionId)).ToList();
        var left = new HashSet<TopicPartition>(partitions);
        consumer.Assign(partitions.Select(p => new TopicPartitionOffset(p, consumer.QueryWatermarkOffsets(p, AnswerWithin).Low)));
        for (var found = 0; left.Count > 0 && found < parsed.GetValue(Most);)
        {
            var result = consumer.Consume(AnswerWithin) ?? throw new CommandException($"The broker has not answered for {AnswerWithin.TotalSeconds:0} s; nothing more was read.");
            if (result.IsPartitionEOF)
            {
                left.Remove(result.TopicPartition);
                continue;
            }

            var message = result.Message;
            if (Mismatch(Header(DeadLetter.Reason), parsed.GetValue(Reason)) || Mismatch(Header(DeadLetter.Topic), parsed.GetValue(Topic))) continue;
            found++;
            yield return (message, Header);

            string Header(string name) => message.Headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : "";
        }
    }

    private static bool Mismatch(string value, string? wanted) => wanted is not null && value != wanted;
}
