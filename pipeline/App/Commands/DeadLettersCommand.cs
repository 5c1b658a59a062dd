using System.CommandLine;
using Streaming.App.DeadLetters;
using Streaming.App.Installing;
using Streaming.Common.CommandLine;
using Streaming.Common.Escaping;
using Streaming.Common.Settings;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Kafka.Client;

namespace Streaming.App.Commands;

/// <summary><c>streaming dead-letters</c>: rejected records with their reasons, and sending them again once the cause is mended.</summary>
internal static class DeadLettersCommand
{
    private const int ShownBytes = 120;
    private static readonly Option<string> Kafka = new("--kafka") { Description = "Bootstrap servers (see endpoints.json of a running " +
        "installation).", HelpName = "HOST:PORT", Required = true };
    private static readonly Option<string> TopicPrefix =
        new("--topic-prefix") { Description = "What the installation's topics begin with (its setting TopicPrefix).", HelpName = "PREFIX" };
    private static readonly Option<string> Reason =
        Choice("--reason", "Only records with this reason.", [.. RejectReasons.All.Select(reason => reason.Name())]);
    private static readonly Option<string> Topic =
        Choice("--topic", "Only records that came from this topic.", [.. InputTopics.All.Select(InputTopics.Name)]);
    private static readonly Option<string> Member = new("--member") { Description = "Only records with this key." };
    private static readonly Option<int> Skip = CountOption.Create("--skip", 0, 0, "Skip this many of the first matches.");
    private static readonly Option<int> MostShown =
        CountOption.Create("--most", 1, 1_000, "Show at most this many, oldest first in each partition.");
    private static readonly Option<int> MostSent =
        CountOption.Create("--most", 1, int.MaxValue, "Send at most this many, oldest first in each partition. Default: all.");
    private static readonly Option<bool> Redriven = new("--redriven") { Description = "Show also what has been sent again." };
    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Say what would be sent, and send nothing." };

    public static Command Create()
    {
        var list = new Command("list", "Show dead letters that have not been sent again: position, reason, first bytes.") { Kafka,
            TopicPrefix, Reason, Topic, Member, Skip, MostShown, Redriven };
        list.SetAction((parsed, stop) => WithBroker(parsed, List, stop));
        var redrive = new Command("redrive", "Send the records to the input topics they came from, as they were; each once, however " +
            "often this is repeated.") { Kafka, TopicPrefix, Reason, Topic, Member, MostSent, DryRun };
        redrive.SetAction((parsed, stop) => WithBroker(parsed, SendAgain, stop));
        return new Command("dead-letters", "List or redrive rejected records.") { list, redrive };
    }

    private static Option<string> Choice(string name, string description, string[] known)
    {
        var option = new Option<string>(name) { Description = description };
        option.Validators.Add(given =>
        {
            if (given.Tokens is not [{ Value: var value }] || known.Contains(value)) return;
            given.AddError($"{name} takes one of {string.Join(", ", known)}, not '{value}'{NearestName.Hint(value, known)}.");
        });
        return option;
    }

    private static async Task<int> WithBroker(ParseResult parsed, Func<ParseResult, UpSettings, int> act, CancellationToken stop)
    {
        var given = new Dictionary<string, string?> { ["Host:Kafka:Bootstrap"] = parsed.GetRequiredValue(Kafka) };
        if (parsed.GetValue(TopicPrefix) is { } prefix) given["TopicPrefix"] = prefix;
        var settings = UpSettings.Read(given, rules: false);
        settings.Host.Kafka.Client[KafkaSettings.CheckCrcsProperty] = "false";
        await BrokerReach.CheckAsync(settings.Host.Kafka, TimeSpan.Zero, null, stop);
        return act(parsed, settings);
    }

    private static int List(ParseResult parsed, UpSettings settings)
    {
        using var reader = Reader(settings);
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

        return ExitCodes.Done;
    }

    private static int SendAgain(ParseResult parsed, UpSettings settings)
    {
        RedriveResult result;
        if (parsed.GetValue(DryRun))
        {
            using var reader = Reader(settings);
            result = new RedriveResult();
            foreach (var letter in Unsent(reader).Where(result.Admits))
            {
                result.Sent++;
                Console.WriteLine($"{TerminalText.Of(letter.Origin)}  {TerminalText.Of(letter.Reason)}");
            }
        }
        else
        {
            using var redrive = new Redrive(settings.Host.Kafka, settings.TopicPrefix, Console.Error);
            using var reader = Reader(settings); // opened after Redrive has fenced off a run that was still going
            result = redrive.Run(Unsent(reader));
        }

        Console.WriteLine($"{result.Sent} records {(parsed.GetValue(DryRun) ? "would be sent" : "sent")} again.");
        if (result.Cut > 0)
            Console.WriteLine($"{result.Cut} letters hold only the beginning of their record: its producer has to send it again.");
        if (result.Foreign > 0) Console.WriteLine($"{result.Foreign} dead letters name no input topic and are not sent.");
        return ExitCodes.Done;

        IEnumerable<StoredDeadLetter> Unsent(DeadLetterReader reader)
        {
            var sent = reader.Redriven();
            return Filter(parsed, 0, parsed.GetValue(MostSent)).Of(reader.All().Where(l => !sent.Contains((l.Partition, l.Offset))));
        }
    }

    private static DeadLetterFilter Filter(ParseResult parsed, int skip, int most) =>
        new(parsed.GetValue(Reason), parsed.GetValue(Topic), parsed.GetValue(Member), skip, most);

    private static DeadLetterReader Reader(UpSettings settings) => new(settings.Host.Kafka, settings.TopicPrefix + "dead-letters");
}
