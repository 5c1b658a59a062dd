using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.Events;
using Streaming.Replay.Checking;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Running;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Replay;

/// <summary>Writes files into a temporary directory and opens them as a replay. Dispose removes the directory.</summary>
public sealed class ReplayFiles : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public string Path => directory.Path;

    public string Write(string name, string content, bool gzip = false)
    {
        var path = System.IO.Path.Combine(Path, name);
        using Stream file = File.Create(path);
        using var to = gzip ? new GZipStream(file, CompressionLevel.Fastest) : file;
        to.Write(Encoding.UTF8.GetBytes(content));
        return path;
    }

    public static Mapping Mapping(string yaml)
    {
        var result = MappingLoader.Load(yaml);
        Assert.Empty(result.Errors);
        return result.Mapping!;
    }

    public static Mapping Shipped(string name) => Mapping(SourceTree.Read("pipeline", "App", "mappings", name));

    public string Write(string name, byte[] content)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public FileReplay Open(ReplayLimits limits, params ReplayFile[] files) =>
        FileReplay.Open(files, System.IO.Path.Combine(Path, "spill"), limits: limits);

    public FileReplay Open(int rowsInMemory, params ReplayFile[] files) => Open(new ReplayLimits { RowsInMemory = rowsInMemory }, files);

    public FileReplay Open(params ReplayFile[] files) => Open(1000, files);

    /// <summary>The rows of one file as events.</summary>
    public IReadOnlyList<ReplayRow> Rows(string path, string mapping) => [.. Open(new ReplayFile(path, Mapping(mapping))).Read()];

    /// <summary>The sentence that says why a file cannot be replayed.</summary>
    public string Refusal(string path, string mapping) => Assert.Throws<ReplayFileException>(() => Rows(path, mapping)).Message;

    /// <summary>What the decoder says of a row, and the event it makes of it.</summary>
    public static (RejectReason Reason, MemberEvent Event) Decode(ReplayRow row)
    {
        var e = new MemberEvent();
        var buffer = (byte[])[.. row.Key ?? [], .. row.Value];
        var keyLength = row.Key?.Length ?? 0;
        var record = new InputRecord(row.Topic, 0, 0, row.At, buffer, 0, row.Key is null ? -1 : keyLength, keyLength, row.Value.Length, 0,
            0);
        return (new EventDecoder().Decode(record, e), e);
    }

    public static JsonElement Json(ReplayRow row) => JsonDocument.Parse(row.Value).RootElement;

    public void Dispose() => directory.Dispose();
}
