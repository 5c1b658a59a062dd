using System.Text.RegularExpressions;
using Streaming.TestKit.Deploy;

namespace Streaming.Integration.Tests.Deploy;

public partial class ComposeTests
{
    public static TheoryData<string> Services { get; } = [.. DeployFiles.Services.Keys];

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_image_is_pinned_to_a_version(string service) => Assert.Matches(Pinned(), DeployFiles.Services[service]["image"].Text);

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_port_is_on_loopback(string service) => Assert.All(DeployFiles.Services[service]["ports"].Items,
        port => Assert.StartsWith("127.0.0.1:", port.Text, StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Services))]
    public void Every_service_has_a_restart_policy_a_health_check_and_limits(string service)
    {
        var node = DeployFiles.Services[service];
        Assert.Equal("unless-stopped", node["restart"].Text);
        Assert.NotEqual("", node["mem_limit"].Text);
        Assert.NotEqual("", node["logging"]["options"]["max-size"].Text);
        // The collector's image has nothing that could ask it.
        if (service == "otel") Assert.Equal("true", node["healthcheck"]["disable"].Text);
        else Assert.Equal("CMD", node["healthcheck"]["test"].Items[0].Text);
    }

    [Fact]
    public void Every_dependency_waits_for_service_healthy()
    {
        var waiting = DeployFiles.Services.SelectMany(s => s.Value["depends_on"].Fields).ToList();
        Assert.NotEmpty(waiting);
        Assert.All(waiting, on =>
        {
            Assert.Contains(on.Key, DeployFiles.Services.Keys);
            Assert.Equal("service_healthy", on.Value["condition"].Text);
        });
    }

    [Fact]
    public void Every_secret_comes_from_the_environment_and_is_required()
    {
        var text = File.ReadAllText(DeployFiles.Compose);
        var asked = Variable().Matches(text).ToList();
        Assert.All(asked, variable => Assert.StartsWith(":?", variable.Groups[2].Value, StringComparison.Ordinal));
        var example = File.ReadAllLines(Path.Combine(DeployFiles.Folder, "compose", ".env.example")).Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => l.Split('=', 2)).ToDictionary(l => l[0], l => l[1]);
        Assert.Equal(asked.Select(v => v.Groups[1].Value).Distinct().Order(), example.Where(e => e.Value.Length == 0).Select(e => e.Key)
            .Order());
        Assert.All(example.Keys.Where(name => example[name].Length > 0), name => Assert.DoesNotMatch("KEY|PASSWORD|SECRET", name));
        foreach (var (name, value) in DeployFiles.Services.Values.SelectMany(s => s["environment"].Fields)
            .Where(e => Secret().IsMatch(e.Key)))
            Assert.True(value.Text.StartsWith("${", StringComparison.Ordinal), $"{name} is written out");
    }

    [Fact]
    public void Every_file_that_is_mounted_is_there()
    {
        var folder = Path.GetDirectoryName(DeployFiles.Compose)!;
        var bound = DeployFiles.Services.Values.SelectMany(s => s["volumes"].Items).Select(v => v.Text.Split(':')[0])
            .Where(v => v.StartsWith('.')).ToList();
        Assert.NotEmpty(bound);
        Assert.All(bound, path => Assert.True(Path.Exists(Path.GetFullPath(Path.Combine(folder, path))), path));
    }

    [Fact]
    public void The_dockerfile_uses_pinned_images_a_user_without_rights_and_existing_files()
    {
        var lines = File.ReadAllLines(DeployFiles.Dockerfile);
        var stages = lines.Select(l => From().Match(l)).Where(m => m.Success).ToList();
        var names = stages.Select(m => m.Groups[2].Value).ToList();
        Assert.All(stages.Where(m => !names.Contains(m.Groups[1].Value)), m => Assert.Matches(Pinned(), m.Groups[1].Value));
        Assert.Contains("USER $APP_UID", lines);
        Assert.DoesNotContain(lines, l => l.StartsWith("USER ", StringComparison.Ordinal) && l != "USER $APP_UID");
        Assert.All(DeployFiles.Services.Values.Select(s => s["build"]["target"].Text).Where(t => t.Length > 0),
            target => Assert.Contains(target, names));
        foreach (var source in lines.Select(l => Copied().Match(l)).Where(m => m.Success).SelectMany(m => m.Groups[1].Value.Split(' ')))
            Assert.True(Path.Exists(Path.Combine(DeployFiles.Folder, "..", source)), source);
    }

    /// <summary>A tag that is a version, or made here; a registry's port is no tag.</summary>
    [GeneratedRegex(@"\A[a-z0-9.\-]+(?::\d+/|/)?[a-z0-9./\-]*:(?:local|\d[A-Za-z0-9.\-]*)\z")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"\$\{(\w+)([^}]*)\}")]
    private static partial Regex Variable();

    [GeneratedRegex("PASSWORD|Password|ApiKey|PseudonymKey|SECRET")]
    private static partial Regex Secret();

    [GeneratedRegex(@"^FROM (\S+) AS (\S+)$")]
    private static partial Regex From();

    [GeneratedRegex(@"^COPY (?!--from)(.+) \S+$")]
    private static partial Regex Copied();
}
