using System.CommandLine;
using System.Globalization;
using Streaming.App.Installing;

namespace Streaming.App.Commands;

/// <summary><c>streaming up</c>: everything on this machine, until it is told to stop.</summary>
internal static class UpCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "Data directory. Default: streaming in the user's data folder.",
        HelpName = "DIR",
    };
    private static readonly Option<bool> NoSample = new("--no-sample") { Description = "Without sample members." };
    private static readonly Option<int> KafkaPort = PortOption.Create("--kafka-port", "Port of the embedded broker.");
    private static readonly Option<int> ClickHousePort = PortOption.Create("--clickhouse-port", "Port of the embedded ClickHouse.");
    private static readonly Option<int> OpsPort = PortOption.Create("--ops-port", "Port of the ops page.");
    private static readonly Option<string> Kafka =
        new("--kafka") { Description = "Bootstrap servers of your Kafka, instead of the embedded broker.", HelpName = "HOST:PORT" };
    private static readonly Option<string> ClickHouse =
        new("--clickhouse") { Description = "HTTP address of your ClickHouse, instead of the embedded one.", HelpName = "URL" };
    private static readonly Option<string> Rules =
        new("--rules") { Description = "Rules file; read again whenever it changes.", HelpName = "FILE" };

    public static Command Create()
    {
        var command = new Command("up", "Run the pipeline with everything it needs: broker, ClickHouse, sample members, ops page.")
        {
            Data, NoSample, KafkaPort, ClickHousePort, OpsPort, Kafka, ClickHouse, Rules,
        };
        command.SetAction((parsed, stop) => Installation.RunAsync(UpSettings.Read(Overrides(parsed)), stop));
        return command;
    }

    private static Dictionary<string, string?> Overrides(ParseResult parsed)
    {
        var given = new Dictionary<string, string?>();
        Text(Data, "Data");
        Text(Kafka, "Host:Kafka:Bootstrap");
        Text(ClickHouse, "Host:ClickHouse:Url");
        Text(Rules, "Rules");
        Port(KafkaPort, "KafkaPort");
        Port(ClickHousePort, "ClickHousePort");
        Port(OpsPort, "Ops:Port");
        if (parsed.GetValue(NoSample)) given["Sample"] = "false";
        return given;

        void Text(Option<string> option, string setting)
        {
            if (parsed.GetValue(option) is { } value) given[setting] = value;
        }

        void Port(Option<int> option, string setting)
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                given[setting] = parsed.GetValue(option).ToString(CultureInfo.InvariantCulture);
            }
        }
    }
}
