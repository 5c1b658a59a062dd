using System.Text.Json;

namespace Streaming.Loadtests;

/// <summary>Where an installation listens.</summary>
/// <param name="Kafka">Bootstrap servers.</param>
/// <param name="ClickHouse">HTTP address of ClickHouse.</param>
/// <param name="Ops">HTTP address of the ops API; empty when it was not given: what only it tells is then not measured.</param>
/// <param name="Data">Its data directory on this machine; null when that is not known.</param>
/// <param name="TopicPrefix">What the names of its topics begin with.</param>
/// <param name="Database">Its database in ClickHouse.</param>
public sealed record Endpoints(string Kafka, string ClickHouse, string Ops, string? Data = null, string TopicPrefix = "", string Database = "engagement")
{
    /// <summary>What a running <c>streaming up</c> wrote into its data directory.</summary>
    /// <exception cref="LoadtestException">None runs there.</exception>
    public static Endpoints Read(string data)
    {
        var path = Path.Combine(data, "endpoints.json");
        if (!File.Exists(path)) throw new LoadtestException($"{path} is not there: start `streaming up --data {data} --no-sample` first, or leave --data out for an installation of the run's own.", 2);
        using var file = JsonDocument.Parse(File.ReadAllText(path));
        return new Endpoints(Text("kafka"), Text("clickhouse"), Text("ops"), data, Text("topicPrefix"), Text("database"));

        string Text(string name) => file.RootElement.GetProperty(name).GetString()!;
    }
}
