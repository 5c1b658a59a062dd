using Streaming.TestKit;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Streaming.Integration.Deploy;

/// <summary>The files of <c>deploy/</c>, read as the tools that use them read them.</summary>
internal static class DeployFiles
{
    public static string Folder { get; } = Path.Combine(StreamingProgram.Repository, "deploy");

    public static string Compose { get; } = Path.Combine(Folder, "compose", "compose.yaml");

    public static string[] Kubernetes { get; } = [.. Directory.GetFiles(Path.Combine(Folder, "kubernetes"), "*.yaml")
        .Where(file => Path.GetFileName(file) is not ("kustomization.yaml" or "rules.yaml")).Order(StringComparer.Ordinal)];

    public static string Dockerfile { get; } = Path.Combine(Folder, "images", "Dockerfile");

    /// <summary>The compose file's services by name, with merges and aliases written out.</summary>
    public static IReadOnlyDictionary<string, Node> Services { get; } = Node.Documents(Compose).Single()["services"].Fields;

    /// <summary>The Kubernetes objects of every file.</summary>
    public static IReadOnlyList<Node> Objects { get; } = [.. Kubernetes.SelectMany(Node.Documents)];
}

/// <summary>A part of a YAML file.</summary>
internal sealed class Node(object? value)
{
    private static readonly IDeserializer Reader = new DeserializerBuilder().Build();

    /// <summary>The documents of a file.</summary>
    public static IEnumerable<Node> Documents(string file)
    {
        using var text = File.OpenText(file);
        var parser = new MergingParser(new Parser(text));
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        var documents = new List<Node>();
        while (parser.Accept<YamlDotNet.Core.Events.DocumentStart>(out _)) documents.Add(new Node(Reader.Deserialize(parser)));
        return documents;
    }

    /// <summary>A field; of nothing where it is not there.</summary>
    public Node this[string name] => Fields.GetValueOrDefault(name) ?? new Node(null);

    public bool Exists => value is not null;

    public string Text => value as string ?? "";

    public IReadOnlyDictionary<string, Node> Fields => value is IDictionary<object, object> map
        ? map.ToDictionary(p => (string)p.Key, p => new Node(p.Value), StringComparer.Ordinal)
        : new Dictionary<string, Node>(StringComparer.Ordinal);

    public IReadOnlyList<Node> Items => value is IEnumerable<object> list && value is not IDictionary<object, object> ? [.. list.Select(item => new Node(item))] : [];
}
