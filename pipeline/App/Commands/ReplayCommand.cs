using System.CommandLine;
using System.Globalization;
using Streaming.App.Installing;
using Streaming.App.Replaying;
using Streaming.Common.CommandLine;
using Streaming.Common.Files;
using Streaming.Replay.Checking;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;

namespace Streaming.App.Commands;

/// <summary><c>streaming replay</c>: recorded events from files through Kafka into the pipeline.</summary>
internal static class ReplayCommand
{
    private const double MaxSpeed = 1_000_000_000; // thirty years in a second

    private static readonly Argument<string[]> Files = new("file=mapping")
    {
        Description = "A file (CSV, JSON Lines or XLSX; also in zip or gzip) and its mapping: a path, or the name of a shipped one " +
            "(online-retail, wiki-sessions, ubuntu-irc).",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> Data = new("--data") { Description = "Data directory of the replay; 'streaming up --data' " +
        "then shows it.", HelpName = "DIR", Required = true };
    private static readonly Option<double> Speed = new("--speed")
    {
        Description = "Data seconds per second; 0 = as fast as it goes.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var speed) && speed is >= 0 and <= MaxSpeed)
                return speed;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"--speed takes a number from 0 to {MaxSpeed}, not '{text}'."));
            return 0;
        },
    };

    private static readonly Option<bool> Effects = new("--effects") { Description = "Send alerts, rewards, care actions and changes " +
        "too: to the run's own topics, and into effects/ in the data directory." };
    private static readonly Option<string> Kafka =
        new("--kafka") { Description = "Bootstrap servers of a running Kafka, instead of the embedded broker.", HelpName = "HOST:PORT" };
    private static readonly Option<string> ClickHouse =
        new("--clickhouse") { Description = "HTTP address of a running ClickHouse, instead of the embedded one.", HelpName = "URL" };
    private static readonly Option<string> Rules = new("--rules") { Description = "Rules file. Default: the shipped rules.yaml.",
        HelpName = "FILE" };

    public static Command Create()
    {
        var command = new Command("replay", "Send recorded events through the pipeline, on the data's own clock.") { Files, Data, Speed,
            Effects, Kafka, ClickHouse, Rules };
        command.SetAction((parsed, stop) => ReplayRun.RunAsync(
            UpSettings.Read(Overrides(parsed)), Open(parsed.GetRequiredValue(Files)), parsed.GetValue(Speed), parsed.GetValue(Effects),
                stop));
        return command;
    }

    private static Dictionary<string, string?> Overrides(ParseResult parsed)
    {
        var given = new Dictionary<string, string?> { ["Data"] = parsed.GetValue(Data), ["Sample"] = "false" };
        if (parsed.GetValue(Kafka) is { } kafka) given["Host:Kafka:Bootstrap"] = kafka;
        if (parsed.GetValue(ClickHouse) is { } clickhouse) given["Host:ClickHouse:Url"] = clickhouse;
        if (parsed.GetValue(Rules) is { } rules) given["Rules"] = rules;
        return given;
    }

    private static List<ReplayFile> Open(string[] pairs)
    {
        var errors = new List<string>();
        var files = new List<ReplayFile>();
        foreach (var pair in pairs)
        {
            var cut = pair.LastIndexOf('=');
            if (cut <= 0)
            {
                errors.Add($"'{pair}' must be FILE=MAPPING.");
                continue;
            }

            var (file, mapping) = (pair[..cut], pair[(cut + 1)..]);
            if (Wrong(file) is { } wrong) errors.Add(wrong);
            var path = File.Exists(mapping) ? mapping : Path.Combine(AppContext.BaseDirectory, "mappings", mapping + ".yaml");
            if (!File.Exists(path))
            {
                errors.Add($"{mapping} is neither a mapping file nor the name of a shipped one.");
                continue;
            }

            if (Load(path, errors) is { } good) files.Add(new ReplayFile(file, good));
        }

        return errors.Count == 0 ? files : throw new CommandException(string.Join('\n', errors), ExitCodes.WrongUsage);
    }

    // A file is read twice, and a pipe or device cannot be.
    private static string? Wrong(string file)
    {
        try
        {
            FileKinds.RequireRegular(file);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static Mapping? Load(string path, List<string> errors)
    {
        try
        {
            if (new FileInfo(path).Length > MappingLoader.MaxBytes)
            {
                errors.Add($"{path} is larger than a mapping may be. Perhaps file and mapping are swapped: write FILE=MAPPING.");
                return null;
            }

            var result = MappingLoader.Load(TextFile.Read(path, MappingLoader.MaxBytes));
            errors.AddRange(result.Errors.Select(e => string.Create(CultureInfo.InvariantCulture, $"{path}: {e}")));
            return result.Mapping;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.Add($"{path} cannot be read: {e.Message}");
            return null;
        }
    }
}
