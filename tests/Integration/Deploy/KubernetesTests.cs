using System.Text.RegularExpressions;
using Streaming.TestKit;
using Streaming.TestKit.Deploy;

namespace Streaming.Integration.Tests.Deploy;

public partial class KubernetesTests
{
    private static readonly YamlValue Kustomization =
        YamlValue.Documents(Path.Combine(DeployFiles.Folder, "kubernetes", "kustomization.yaml")).Single();
    private static readonly YamlValue Pod = DeployFiles.Objects.Single(o => o["kind"].Text == "StatefulSet")["spec"]["template"]["spec"];
    private static readonly YamlValue Container = Pod["containers"].Items.Single();

    [Fact]
    public void Every_file_belongs_to_the_kustomization() =>
        Assert.Equal(DeployFiles.Kubernetes.Select(Path.GetFileName).Order(StringComparer.Ordinal),
            Kustomization["resources"].Items.Select(r => r.Text).Order(StringComparer.Ordinal));

    [Fact]
    public void The_rules_of_the_kustomization_equal_the_shipped_rules() =>
        Assert.Equal(
            File.ReadAllText(Path.Combine(StreamingProgram.Repository, "pipeline", "App", "rules.yaml")),
            File.ReadAllText(Path.Combine(DeployFiles.Folder, "kubernetes", "rules.yaml")));

    [Fact]
    public void Secrets_are_referenced_and_not_in_the_files()
    {
        Assert.DoesNotContain(DeployFiles.Objects, o => o["kind"].Text == "Secret");
        Assert.DoesNotMatch(Secret(), File.ReadAllText(Path.Combine(DeployFiles.Folder, "kubernetes", "silo.env")));
        Assert.All(Container["env"].Items.Where(e => Secret().IsMatch(e["name"].Text)),
            e => Assert.NotEqual("", e["valueFrom"]["secretKeyRef"]["key"].Text));
    }

    [Fact]
    public void The_image_is_pinned_to_a_version()
    {
        var image = Kustomization["images"].Items.Single();
        Assert.Equal(Container["image"].Text, image["name"].Text);
        Assert.Matches(@"\A\d", image["newTag"].Text);
    }

    [Fact]
    public void A_silo_runs_without_root_rights_on_a_read_only_file_system()
    {
        Assert.Equal("true", Pod["securityContext"]["runAsNonRoot"].Text);
        Assert.Equal("RuntimeDefault", Pod["securityContext"]["seccompProfile"]["type"].Text);
        Assert.Equal("false", Pod["automountServiceAccountToken"].Text);
        var rights = Container["securityContext"];
        Assert.Equal(("false", "true", "ALL"), (rights["allowPrivilegeEscalation"].Text, rights["readOnlyRootFilesystem"].Text,
            rights["capabilities"]["drop"].Items.Single().Text));
        Assert.NotEqual("", Container["resources"]["limits"]["memory"].Text);
    }

    [Fact]
    public void Probes_use_the_health_endpoints_and_ports_are_referenced_by_name()
    {
        var ports = Container["ports"].Items.ToDictionary(p => p["name"].Text, p => p["containerPort"].Text);
        Assert.Equal("/health/live", Container["startupProbe"]["httpGet"]["path"].Text);
        Assert.Equal("/health/live", Container["livenessProbe"]["httpGet"]["path"].Text);
        Assert.Equal("/health/ready", Container["readinessProbe"]["httpGet"]["path"].Text);
        Assert.All(["startupProbe", "livenessProbe", "readinessProbe"], probe =>
            Assert.Equal("health", Container[probe]["httpGet"]["port"].Text));
        var services = DeployFiles.Objects.Where(o => o["kind"].Text == "Service").ToList();
        Assert.All(services.SelectMany(s => s["spec"]["ports"].Items), p => Assert.Contains(p["targetPort"].Text, ports.Keys));
        var admitted = DeployFiles.Objects.Single(o => o["kind"].Text == "NetworkPolicy")["spec"]["ingress"].Items.SelectMany(i =>
            i["ports"].Items).Select(p => p["port"].Text);
        // the node's probes are let in anyway, other pods have no business there
        Assert.Equal(ports.Where(p => p.Key != "health").Select(p => p.Value).Order(), admitted.Order());
    }

    [Fact]
    public void Every_selector_matches_the_labels_of_the_silos()
    {
        var labels = DeployFiles.Objects.Single(o => o["kind"].Text == "StatefulSet")["spec"]["template"]["metadata"]["labels"].Fields;
        var selectors = DeployFiles.Objects.SelectMany(o => (YamlValue[])[o["spec"]["selector"], o["spec"]["podSelector"]])
            .Select(s => s["matchLabels"].Exists ? s["matchLabels"] : s).Where(s => s.Exists).ToList();
        Assert.Equal(5, selectors.Count);
        Assert.All(selectors.SelectMany(s => s.Fields), label => Assert.Equal(labels[label.Key].Text, label.Value.Text));
    }

    [GeneratedRegex("Password|ApiKey|PseudonymKey|Storage")]
    private static partial Regex Secret();
}
