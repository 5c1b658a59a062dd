using System.Text.RegularExpressions;
using Streaming.TestKit;
using Streaming.TestKit.Deploy;

namespace Streaming.Integration.Tests.Deploy;

public partial class KubernetesTests
{
    private static readonly Node Kustomization =
        Node.Documents(Path.Combine(DeployFiles.Folder, "kubernetes", "kustomization.yaml")).Single();
    private static readonly Node Pod = DeployFiles.Objects.Single(o => o["kind"].Text == "StatefulSet")["spec"]["template"]["spec"];
    private static readonly Node Container = Pod["containers"].Items.Single();

    [Fact]
    public void Every_file_belongs_to_the_kustomization() =>
        Assert.Equal(DeployFiles.Kubernetes.Select(Path.GetFileName).Order(StringComparer.Ordinal),
            Kustomization["resources"].Items.Select(r => r.Text).Order(StringComparer.Ordinal));

    [Fact]
    public void The_rules_are_the_shipped_ones() =>
        Assert.Equal(
            File.ReadAllText(Path.Combine(StreamingProgram.Repository, "pipeline", "App", "rules.yaml")),
            File.ReadAllText(Path.Combine(DeployFiles.Folder, "kubernetes", "rules.yaml")));

    [Fact]
    public void Secrets_are_named_and_never_written_down()
    {
        Assert.DoesNotContain(DeployFiles.Objects, o => o["kind"].Text == "Secret");
        Assert.DoesNotMatch(Secret(), File.ReadAllText(Path.Combine(DeployFiles.Folder, "kubernetes", "silo.env")));
        Assert.All(Container["env"].Items.Where(e => Secret().IsMatch(e["name"].Text)),
            e => Assert.NotEqual("", e["valueFrom"]["secretKeyRef"]["key"].Text));
    }

    [Fact]
    public void The_image_has_a_tag_that_stays()
    {
        var image = Kustomization["images"].Items.Single();
        Assert.Equal(Container["image"].Text, image["name"].Text);
        Assert.Matches(@"\A\d", image["newTag"].Text);
    }

    [Fact]
    public void A_silo_runs_as_nobody_special_and_writes_nowhere()
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
    public void Probes_ask_what_there_is_and_ports_have_one_name()
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
    public void Everything_that_selects_silos_selects_these()
    {
        var labels = DeployFiles.Objects.Single(o => o["kind"].Text == "StatefulSet")["spec"]["template"]["metadata"]["labels"].Fields;
        var selectors = DeployFiles.Objects.SelectMany(o => (Node[])[o["spec"]["selector"], o["spec"]["podSelector"]])
            .Select(s => s["matchLabels"].Exists ? s["matchLabels"] : s).Where(s => s.Exists).ToList();
        Assert.Equal(5, selectors.Count);
        Assert.All(selectors.SelectMany(s => s.Fields), label => Assert.Equal(labels[label.Key].Text, label.Value.Text));
    }

    [GeneratedRegex("Password|ApiKey|PseudonymKey|Storage")]
    private static partial Regex Secret();
}
