using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Streaming.TestKit.Deploy;

/// <summary>A value of a YAML file; empty where the file has no such value.</summary>
public sealed class YamlValue
{
    private static readonly IDeserializer Reader = new DeserializerBuilder().Build();
    private readonly object? value;

    private YamlValue(object? value) => this.value = value;

    /// <summary>The documents of a file.</summary>
    public static IReadOnlyList<YamlValue> Documents(string file)
    {
        using var text = File.OpenText(file);
        var parser = new MergingParser(new Parser(text));
        parser.Consume<StreamStart>();
        var documents = new List<YamlValue>();
        while (parser.Accept<DocumentStart>(out _)) documents.Add(new YamlValue(Reader.Deserialize(parser)));
        return documents;
    }

    /// <summary>A field.</summary>
    public YamlValue this[string name] => Fields.GetValueOrDefault(name) ?? new YamlValue(null);

    /// <summary>Whether the file has it.</summary>
    public bool Exists => value is not null;

    /// <summary>A scalar as the file has it; empty for anything else.</summary>
    public string Text => value as string ?? "";

    /// <summary>A mapping's fields; none for anything else.</summary>
    public IReadOnlyDictionary<string, YamlValue> Fields => value is IDictionary<object, object> map
        ? map.ToDictionary(p => (string)p.Key, p => new YamlValue(p.Value), StringComparer.Ordinal)
        : new Dictionary<string, YamlValue>(StringComparer.Ordinal);

    /// <summary>A sequence's items; none for anything else.</summary>
    public IReadOnlyList<YamlValue> Items =>
        value is IEnumerable<object> list and not IDictionary<object, object> ? [.. list.Select(item => new YamlValue(item))] : [];
}
