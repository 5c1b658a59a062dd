using System.Text;
using Streaming.Contract.Decoding;
using Streaming.Contract.Messages;
using Streaming.Contract.Records;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Pipeline.Tests.Contract.Decoding;
using Streaming.TestKit;
using YamlDotNet.RepresentationModel;

namespace Streaming.Pipeline.Tests.Contract;

/// <summary>The AsyncAPI document names the topics there are, and what it points to exists.</summary>
public class AsyncApiTests
{
    private readonly YamlMappingNode document = Load();

    [Fact]
    public void Every_topic_is_a_channel_and_every_channel_a_topic()
    {
        var topics = InputTopics.All.Select(InputTopics.Name).Concat(OutputTopics.Names("")).Distinct().Order();
        Assert.Equal(topics, Group(document, "channels").Children.Values.Select(channel => ((YamlMappingNode)channel)["address"].ToString())
            .Order());
    }

    [Fact]
    public void The_AsyncAPI_document_has_an_operation_for_every_topic()
    {
        List<string> Of(string action) =>
        [
            .. Group(document, "operations").Children.Values.Cast<YamlMappingNode>()
                .Where(operation => operation["action"].ToString() == action)
                .Select(operation => operation["channel"]["$ref"].ToString().Split('/')[^1]).Order(),
        ];
        Assert.Equal(InputTopics.All.Select(InputTopics.Name).Order(), Of("receive"));
        Assert.Equal(OutputTopics.Names("").Order(), Of("send"));
    }

    [Fact]
    public void Every_reference_of_the_AsyncAPI_document_exists()
    {
        var targets = document.AllNodes.OfType<YamlMappingNode>().Where(node => node.Children.ContainsKey("$ref"))
            .Select(node => node["$ref"].ToString()).Distinct().ToList();
        Assert.NotEmpty(targets);
        foreach (var target in targets)
        {
            if (target.StartsWith("./", StringComparison.Ordinal))
            {
                Assert.NotEmpty(SourceTree.Read("pipeline", "Contract", "Schemas", target[2..]));
            }
            else Assert.NotNull(target[2..].Split('/').Aggregate((YamlNode)document, (node, name) => node[name]));
        }
    }

    [Fact]
    public void A_dead_letter_has_the_documented_headers()
    {
        var described = Group(document, "components", "messages", "deadLetter", "headers");
        var record = Records.Of(Topic.Clicks, "m-1", """{"id":5,"kind":"view"}""", ("own", "kept"));
        var decoder = new EventDecoder();
        var reason = decoder.Decode(record, new MemberEvent());
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        DeadLetter.WriteHeaders(bytes, record, reason, decoder.LastField);
        var written = new List<string>();
        var headers = new RecordHeaders(bytes.WrittenSpan);
        while (headers.Next()) written.Add(Encoding.UTF8.GetString(headers.Name));

        Assert.Contains("own", written);
        Assert.All(written.Where(name => name != "own"), name =>
            Assert.Contains(name, Group(described, "properties").Children.Keys.Select(key => key.ToString())));
        Assert.All(((YamlSequenceNode)described["required"]).Children, name => Assert.Contains(name.ToString(), written));
    }

    private static YamlMappingNode Group(YamlMappingNode from, params string[] path) =>
        path.Aggregate(from, (node, name) => (YamlMappingNode)node[name]);

    private static YamlMappingNode Load()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(SourceTree.Read("pipeline", "Contract", "Schemas", "asyncapi.yaml")));
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }
}
