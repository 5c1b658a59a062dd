using System.CommandLine;
using Streaming.App.DeadLetters;
using Streaming.Pipeline.Escaping;
using Streaming.Pipeline.Kafka;

namespace Streaming.App.Commands;

/// <summary><c>streaming dead-letters</c>: rejected records with their reasons, and sending them again once the cause is mended.</summary>
internal static class DeadLettersCommand
{
    private const int ShownBytes = 120;
    private static readonly Option<string> Kafka = new("--kafka") { Description = "Bootstrap servers (see endpoints.json of a running installation).", HelpName = "HOST:PORT", Required = true };
    private static readonly Option<string> TopicPrefix = new("--topic-prefix") { Description = "What the installation's topics begin with (its setting TopicPrefix).", HelpName = "PREFIX", DefaultValueFactory = _ => "" };
    private static readonly Option<string> Reason = new("--reason") { Description = "Only records with this reason." };
    private static readonly Option<string> Topic = new("--topic") { Description = "Only records that came from this topic." };
    private static readonly Option<string> Member = new("--member") { Description = "Only records with this key." };
    private static readonly Option<int> Skip = new("--skip") { Description = "Leave out so many of the first that match.",
        DefaultValueFactory = _ => 0 };
    private static readonly Option<int> MostShown = new("--most") { Description = "At most so many, oldest first in each partition.",
        DefaultValueFactory = _ => 1_000 };
    private static readonly Option<int> MostSent = new("--most") { Description = "At most so many, oldest first in each partition; all " +
        "unless given.", DefaultValueFactory = _ => int.MaxValue };
    private static readonly Option<bool> Redriven = new("--redriven") { Description = "Show also what has been sent again." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would be sent, and send nothing." };

    public static Command Create()
    {
        var list = new Command("list", "Show dead letters that have not been sent again: position, reason, first bytes.") { Kafka,
            TopicPrefix, Reason, Topic, Member, Skip, MostShown, Redriven };
        list.SetAction(parsed => List(parsed));
        var redrive = new Command("redrive", "Send the records to the input topics they came from, as they were; each once, however " +
            "often this is repeated.") { Kafka, TopicPrefix, Reason, Topic, Member, MostSent, DryRun };
        redrive.SetAction(parsed => SendAgain(parsed));
        return new Command("dead-letters", "List or redrive rejected records.") { list, redrive };
    }

    private static int List(ParseResult parsed)
    {
        using var reader = Reader(parsed);
        var sent = reader.Redriven();
        var most = parsed.GetValue(MostShown);
        var filter = Filter(parsed, parsed.GetValue(Skip), most == int.MaxValue ? most : most + 1);
        var shown = 0;
        foreach (var letter in filter.Of(reader.All().Where(l => parsed.GetValue(Redriven) || !sent.Contains((l.Partition, l.Offset)))))
        {
            if (++shown > most)
            {
                Console.Error.WriteLine($"There are more: --skip {parsed.GetValue(Skip) + most}");
                break;
            }

            var value = letter.Message.Value ?? [];
            var mark = sent.Contains((letter.Partition, letter.Offset)) ? "sent again  " : "";
            Console.WriteLine($"{TerminalText.Of(letter.Origin)}  {mark}{TerminalText.Of(letter.Reason)}  " +
                $"{TerminalText.Of(value.AsSpan(0, Math.Min(value.Length, ShownBytes)))}");
        }

        return Cli.Done;
    }

    private static int SendAgain(ParseResult parsed)
    {
        RedriveResult result;
        if (parsed.GetValue(DryRun))
        {
            using var reader = Reader(parsed);
            result = new RedriveResult();
            foreach (var letter in Unsent(reader).Where(result.Admits))
            {
                result.Sent++;
                Console.WriteLine($"{TerminalText.Of(letter.Origin)}  {TerminalText.Of(letter.Reason)}");
            }
        }
        else
        {
            using var redrive = new Redrive(Settings(parsed), parsed.GetValue(TopicPrefix)!, Console.Error);
            using var reader = Reader(parsed); // after a run that was under way has been ended
            result = redrive.Run(Unsent(reader));
        }

        Console.WriteLine($"{result.Sent} records {(parsed.GetValue(DryRun) ? "would be sent" : "sent")} again.");
        if (result.Cut > 0)
            Console.WriteLine($"{result.Cut} letters hold only the beginning of their record: its producer has to send it again.");
        if (result.Foreign > 0) Console.WriteLine($"{result.Foreign} letters name no input topic and stay.");
        return Cli.Done;

        IEnumerable<Letter> Unsent(LetterReader reader)
        {
            var sent = reader.Redriven();
            return Filter(parsed, 0, parsed.GetValue(MostSent)).Of(reader.All().Where(l => !sent.Contains((l.Partition, l.Offset))));
        }
    }

    private static LetterFilter Filter(ParseResult parsed, int skip, int most) =>
        new(parsed.GetValue(Reason), parsed.GetValue(Topic), parsed.GetValue(Member), skip, most);

    private static LetterReader Reader(ParseResult parsed) => new(Settings(parsed), parsed.GetValue(TopicPrefix) + "dead-letters");

    private static KafkaSettings Settings(ParseResult parsed)
    {
        KafkaNative.Load();
        return new KafkaSettings { Bootstrap = parsed.GetRequiredValue(Kafka), Client = { [KafkaSettings.ChecksSums] = "false" } };
    }
}
