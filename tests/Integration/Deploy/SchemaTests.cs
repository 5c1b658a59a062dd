using Streaming.TestKit;
using Streaming.TestKit.Deploy;

namespace Streaming.Integration.Tests.Deploy;

/// <summary>The compose file and the Kubernetes objects against the schemas published for them
/// on npm, in which a field that does not exist is a fault.</summary>
public sealed class SchemaTests : IDisposable
{
    private static readonly string Scripts = Path.Combine(StreamingProgram.Repository, "tests", "Integration", "Deploy", "js");
    private readonly TemporaryDirectory directory = new();

    [SkippableFact]
    public async Task The_compose_file_is_valid_by_its_published_schema() => await IsValid("compose", DeployFiles.Compose);

    [SkippableFact]
    public async Task The_kubernetes_objects_are_valid_by_the_published_schema() =>
        await IsValid("kubernetes", [.. DeployFiles.Kubernetes]);

    [SkippableTheory]
    [InlineData("compose", "compose/compose.yaml", "healthcheck:", "healthchek:")]
    [InlineData("compose", "compose/compose.yaml", "condition: service_healthy", "condition: 7")]
    [InlineData("compose", "compose/compose.yaml", "services:", "services: [")]
    [InlineData("kubernetes", "kubernetes/silo.yaml", "readinessProbe:", "readynessProbe:")]
    [InlineData("kubernetes", "kubernetes/silo.yaml", "imagePullPolicy: IfNotPresent", "imagePullPolicy: Sometimes")]
    [InlineData("kubernetes", "kubernetes/disruption.yaml", "kind: PodDisruptionBudget", "kind: PodDisruption")]
    public async Task The_schema_finds_a_wrong_field(string what, string name, string text, string wrong)
    {
        var whole = await File.ReadAllTextAsync(Path.Combine(DeployFiles.Folder, name));
        Assert.Contains(text, whole, StringComparison.Ordinal);
        var file = Path.Combine(directory.Path, "changed.yaml");
        await File.WriteAllTextAsync(file, whole.Replace(text, wrong, StringComparison.Ordinal));
        var result = await ValidateAsync(what, file);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("changed.yaml", result.Output, StringComparison.Ordinal);
    }

    public void Dispose() => directory.Dispose();

    private static async Task IsValid(string what, params string[] files)
    {
        var result = await ValidateAsync(what, files);
        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
    }

    private static async Task<ExternalProgramResult> ValidateAsync(string what, params string[] files)
    {
        Skip.IfNot(Directory.Exists(Path.Combine(Scripts, "node_modules")), "the schemas are not installed: deploy/test does it (npm ci " +
            "in tests/Integration/Deploy/js).");
        return await ExternalProgram.RunAsync("node", [Path.Combine(Scripts, "validate.mjs"), what, .. files]);
    }
}
