using System.Text.Json;
using Streaming.ClickHouse.Client;
using Streaming.Common.CommandLine;

namespace Streaming.Loadtests.Common.Installations;

/// <summary>Where an installation listens.</summary>
/// <param name="Kafka">Bootstrap servers.</param>
/// <param name="ClickHouse">HTTP address of ClickHouse.</param>
/// <param name="Ops">HTTP address of the ops API; empty when it was not given: what only it tells is then not measured.</param>
/// <param name="Data">Its data directory on this machine; null when that is not known.</param>
/// <param name="TopicPrefix">What the names of its topics begin with.</param>
/// <param name="Database">Its database in ClickHouse.</param>
/// <param name="User">Who may read and write there; null: as the program's settings say.</param>
/// <param name="Password">That user's password.</param>
public sealed record Endpoints(string Kafka, string ClickHouse, string Ops, string? Data = null, string TopicPrefix = "",
    string Database = "engagement", string? User = null, string Password = "")
{
    /// <summary>What a running <c>streaming up</c> wrote into its data directory.</summary>
    /// <exception cref="CommandException">None runs there.</exception>
    public static Endpoints Read(string data)
    {
        var path = Path.Combine(data, "endpoints.json");
        if (!File.Exists(path))
        {
            throw new CommandException($"{path} is not there: start `streaming up --data {data} --no-sample` first, or leave --data out " +
                $"for an installation of the run's own.", 2);
        }
        using var file = JsonDocument.Parse(File.ReadAllText(path));
        return new Endpoints(Text("kafka"), Text("clickhouse"), Text("ops"), data, Text("topicPrefix"), Text("database"),
            Optional("clickHouseUser"), Optional("clickHousePassword") ?? "");

        string Text(string name) => file.RootElement.GetProperty(name).GetString()!;

        string? Optional(string name) => file.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    /// <summary>The settings of a client of its database.</summary>
    public ClickHouseSettings Aggregates()
    {
        var settings = ExistingClickHouse.At(ClickHouse) with { Database = Database };
        return User is null ? settings : settings with { User = User, Password = Password };
    }
}
