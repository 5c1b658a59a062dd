using System.Text.Json;
using Streaming.Common.Files;
using Streaming.Ops;

namespace Streaming.App.Installing;

/// <summary><c>endpoints.json</c> in the data directory: where a running installation
/// listens. There while it is ready, removed when it stops.</summary>
internal sealed class EndpointsFile : IDisposable
{
    /// <summary>Its name.</summary>
    public const string Name = "endpoints.json";

    private readonly string path;

    private EndpointsFile(string path) => this.path = path;

    /// <summary>The file of a data directory; removes the one that a killed process left behind.</summary>
    public static EndpointsFile In(string directory)
    {
        var file = new EndpointsFile(Path.Combine(directory, Name));
        file.Dispose();
        return file;
    }

    /// <summary>Writes it, whole or not at all, for its owner alone: it holds the passwords of the embedded ClickHouse.</summary>
    public void Write(EmbeddedParts parts, OpsServer ops, UpSettings settings)
    {
        var content = new Dictionary<string, string>
        {
            ["kafka"] = parts.Kafka, ["clickhouse"] = parts.ClickHouse, ["ops"] = ops.Url, ["health"] = ops.HealthUrl,
            ["topicPrefix"] = settings.TopicPrefix, ["database"] = settings.Host.ClickHouse.Database,
        };
        if (parts.ClickHouseUsers is { } users)
        {
            content["clickHouseUser"] = users.Owner;
            content["clickHousePassword"] = users.OwnerPassword;
            content["clickHouseReader"] = users.Reader;
            content["clickHouseReaderPassword"] = users.ReaderPassword;
        }

        var partial = path + ".partial";
        File.Delete(partial);
        using (var file = new FileStream(partial, PrivateDirectory.NewFile)) JsonSerializer.Serialize(file, content);
        File.Move(partial, path, overwrite: true);
    }

    /// <summary>Removes it.</summary>
    public void Dispose() => File.Delete(path);
}
