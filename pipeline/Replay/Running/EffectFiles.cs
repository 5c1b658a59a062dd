using System.Runtime.InteropServices;
using System.Text.Json;
using Streaming.Common.Files;
using Streaming.Contract.Messages;
using Streaming.Engine.Storing;
using Streaming.Members;

namespace Streaming.Replay.Running;

/// <summary>The alerts, rewards, care actions and changes of a replay, one file per topic, one
/// message per line: they remain after the run's topics have been deleted.</summary>
/// <remarks>
/// A message is in its file before it is handed to the producer. One that is sent again, after an interruption or a fault, is not written
/// again: its id is looked for among the last <see cref="IdsKept"/>. Only their owner can read the files (mode 0600). Written by the
/// sending thread alone.
/// </remarks>
public sealed class EffectFiles : IDisposable
{
    /// <summary>Ids remembered to recognise a message that is sent again: more than can be in flight at once.</summary>
    public const int IdsKept = 200_000;

    private readonly Dictionary<OutputTopic, FileStream> files = [];
    private readonly Queue<ulong> order = new();
    private readonly HashSet<ulong> known = [];

    /// <summary>Goes on with the files that are in a directory, or begins them.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public EffectFiles(string directory)
    {
        Path = directory;
        Directory.CreateDirectory(directory);
        foreach (var topic in Enum.GetValues<OutputTopic>().Where(topic => topic is not (OutputTopic.Signals or OutputTopic.DeadLetters)))
        {
            var file = PrivateFile.OpenOrCreate(System.IO.Path.Combine(directory, $"{OutputTopics.Name(topic)}.jsonl"), buffer: 1);
            files[topic] = file;
            Recall(file);
        }
    }

    /// <summary>The directory.</summary>
    public string Path { get; }

    /// <summary>Writes one message's value, unless it is there.</summary>
    /// <exception cref="StoreException">The file cannot be written; retried by the sender.</exception>
    public void Add(OutputTopic topic, ReadOnlySpan<byte> value)
    {
        if (!files.TryGetValue(topic, out var file)) return;
        var id = IdOf(value);
        if (id is { } here && known.Contains(here)) return;
        var line = new byte[value.Length + 1];
        value.CopyTo(line);
        line[^1] = (byte)'\n';
        var before = file.Position;
        try
        {
            file.Write(line);
        }
        catch (IOException e)
        {
            file.SetLength(before);
            throw new StoreException($"{file.Name} cannot be written: {e.Message}", true, e);
        }

        Remember(id);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in files.Values) file.Dispose();
    }

    // Half a line, left by a process that was killed, is cut off: its message was not sent.
    private void Recall(FileStream file)
    {
        var end = 0L;
        var line = new List<byte>();
        var buffered = new BufferedStream(file, 1 << 16); // not disposed: the file stays open
        for (var b = buffered.ReadByte(); b >= 0; b = buffered.ReadByte())
        {
            if (b != '\n')
            {
                line.Add((byte)b);
                continue;
            }

            end += line.Count + 1;
            Remember(IdOf(CollectionsMarshal.AsSpan(line)));
            line.Clear();
        }

        file.SetLength(end);
        file.Position = end;
    }

    private void Remember(ulong? value)
    {
        if (value is not { } id || !known.Add(id)) return;
        order.Enqueue(id);
        if (order.Count > IdsKept) known.Remove(order.Dequeue());
    }

    private static ulong? IdOf(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && reader.ValueTextEquals("id"u8)
                    && reader.Read())
                    return StableHash.Of(reader.ValueSpan);
            }
        }
        catch (JsonException)
        {
            return null; // a line edited by hand may have no id
        }

        return null;
    }
}
