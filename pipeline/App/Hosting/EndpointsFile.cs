using System.Text.Json;

namespace Streaming.App.Hosting;

/// <summary><c>endpoints.json</c> in the data directory: where a running installation listens. There while it is ready, removed when it stops.</summary>
internal sealed class EndpointsFile(string directory) : IDisposable
{
    private readonly string path = Path.Combine(directory, "endpoints.json");

    /// <summary>Removes what a killed process left behind.</summary>
    public void Clear() => File.Delete(path);

    /// <summary>Writes it, whole or not at all.</summary>
    public void Write(string kafka, string clickhouse, string ops, UpSettings settings)
    {
        var partial = path + ".partial";
        var content = new Dictionary<string, string>
        {
            ["kafka"] = kafka, ["clickhouse"] = clickhouse, ["ops"] = ops, ["topicPrefix"] = settings.TopicPrefix, ["database"] = settings.Host.ClickHouse.Database,
        };
        File.WriteAllText(partial, JsonSerializer.Serialize(content));
        File.Move(partial, path, overwrite: true);
    }

    public void Dispose() => Clear();
}
