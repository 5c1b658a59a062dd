namespace Streaming.TestKit.Deploy;

/// <summary>The files of <c>deploy/</c>, read as the tools that use them read them.</summary>
public static class DeployFiles
{
    /// <summary>The folder.</summary>
    public static string Folder { get; } = Path.Combine(StreamingProgram.Repository, "deploy");

    /// <summary>The compose file.</summary>
    public static string Compose { get; } = Path.Combine(Folder, "compose", "compose.yaml");

    /// <summary>The files with Kubernetes objects, in order.</summary>
    public static IReadOnlyList<string> Kubernetes { get; } = [.. Directory.GetFiles(Path.Combine(Folder, "kubernetes"), "*.yaml")
        .Where(file => Path.GetFileName(file) is not ("kustomization.yaml" or "rules.yaml")).Order(StringComparer.Ordinal)];

    /// <summary>The recipe of both images.</summary>
    public static string Dockerfile { get; } = Path.Combine(Folder, "images", "Dockerfile");

    /// <summary>The compose file's services by name, with merges and aliases written out.</summary>
    public static IReadOnlyDictionary<string, YamlValue> Services { get; } = YamlValue.Documents(Compose).Single()["services"].Fields;

    /// <summary>The Kubernetes objects of every file.</summary>
    public static IReadOnlyList<YamlValue> Objects { get; } = [.. Kubernetes.SelectMany(YamlValue.Documents)];
}
