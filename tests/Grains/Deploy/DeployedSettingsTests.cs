using System.Text.RegularExpressions;
using Streaming.Silo.Hosting;
using Streaming.TestKit.Deploy;

namespace Streaming.Grains.Tests.Deploy;

/// <summary>What the deployment's files tell a silo, as the silo reads it: every name is a setting, every value in its range.</summary>
public partial class DeployedSettingsTests
{
    private static readonly string Hex = new('a', 64);

    [Theory]
    [InlineData("silo-1")]
    [InlineData("silo-2")]
    public void The_compose_file_gives_what_a_silo_needs(string service)
    {
        var settings = SiloSettings.Read(InImage(DeployFiles.Services[service]["environment"].Fields.Select(e =>
            (e.Key, Variable().Replace(e.Value.Text, Hex)))));
        Assert.Equal(DeployFiles.Services[service]["networks"]["default"]["ipv4_address"].Text, settings.Silo.Address);
        Assert.Equal(("kafka:9092", "http://clickhouse:8123"), (settings.Kafka.Bootstrap, settings.ClickHouse.Url));
    }

    [Fact]
    public void The_kubernetes_objects_give_what_a_silo_needs()
    {
        var container = DeployFiles.Objects.Single(o =>
            o["kind"].Text == "StatefulSet")["spec"]["template"]["spec"]["containers"].Items.Single();
        var plain = File.ReadAllLines(Path.Combine(DeployFiles.Folder, "kubernetes", "silo.env")).Select(l => l.Split('=', 2))
            .Select(l => (l[0], l[1]));
        var referred = container["env"].Items.Select(e => (e["name"].Text, e["name"].Text switch
        {
            "STREAMING__Silo__Address" => "10.0.0.7",
            "STREAMING__Storage__Postgres" => "Host=postgres.example;Database=streaming;Username=streaming;Password=secret",
            _ => Hex,
        }));
        // The rules file is mounted.
        var settings = SiloSettings.Read(InImage([.. plain.Where(p => p.Item1 != "STREAMING__Rules"), .. referred,
            ("STREAMING__Rules", Path.Combine(DeployFiles.Folder, "kubernetes", "rules.yaml"))]));
        Assert.Equal("10.0.0.7", settings.Silo.Address);
        Assert.Equal(container["ports"].Items.Single(p => p["name"].Text == "silo")["containerPort"].Text, $"{settings.Silo.Port}");
        Assert.Equal(container["ports"].Items.Single(p => p["name"].Text == "ops")["containerPort"].Text, $"{settings.Ops.Port}");
    }

    /// <summary>Settings by path: those of the image, and what a file adds.</summary>
    private static Dictionary<string, string?> InImage(IEnumerable<(string Name, string Value)> more)
    {
        var settings = Given().Matches(File.ReadAllText(DeployFiles.Dockerfile))
            .Select(m => (Name: m.Groups[1].Value, Value: m.Groups[2].Value)).Concat(more);
        return settings.ToDictionary(s => s.Name["STREAMING__".Length..].Replace("__", ":", StringComparison.Ordinal),
            string? (s) => s.Value);
    }

    [GeneratedRegex(@"\$\{[^}]*\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\b(STREAMING__\w+)=(\S+)")]
    private static partial Regex Given();
}
