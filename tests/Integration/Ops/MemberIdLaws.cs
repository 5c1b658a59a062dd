using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Streaming.Contract.Identity;
using Streaming.Members;

namespace Streaming.Integration.Tests.Ops;

/// <summary>One rule for ids: what the decoder takes can be asked for, what it refuses is refused here too.</summary>
public class MemberIdLaws
{
    private static readonly string[] Parts =
    [
        "/", "\\", "..", ".", "%", "%2F", "%2e", "?", "#", "&", "+", " ", ";", ":", "=", "@", "~", "'", "\"", "<b>", "$(x)", "😀", "é",
            "e\u0301", "会", "\ue000", "a",
        "\u0000", "\n", "\u007f", "\u009b", "\u200b", "\u202e", "\u2028", "\ufeff",
    ];

    [Fact]
    public async Task The_endpoint_takes_exactly_the_ids_that_the_decoder_takes()
    {
        await using var ops = await OpsFixture.StartAsync();
        var random = new Random(15);
        var ids = Parts.Concat(Enumerable.Range(0, 400).Select(_ => string.Concat(random.GetItems(Parts, random.Next(1, 7))))).Distinct()
            .ToList();
        Assert.InRange(ids.Count(IsMember), 50, ids.Count - 50);
        foreach (var id in ids)
        {
            if (IsMember(id)) ops.Host.Buy(id, 1_0000);
            using var answer = await Get(ops, Uri.EscapeDataString(id));
            if (!IsMember(id))
            {
                Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound,
                    $"{Uri.EscapeDataString(id)}: {answer.StatusCode}");
                continue;
            }

            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{Uri.EscapeDataString(id)}: {answer.StatusCode}");
            Assert.Equal(id, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["member"]);
        }
    }

    [Theory]
    [InlineData("a%0Ab")]
    [InlineData("a%7F")]
    [InlineData("%E2%80%AEa")]
    [InlineData("%FF")]
    [InlineData("%C0%AE")]
    [InlineData("%ED%A0%80")]
    [InlineData("%zz")]
    [InlineData("a%")]
    [InlineData("a%2")]
    public async Task A_malformed_id_gets_400(string segment)
    {
        await using var ops = await OpsFixture.StartAsync();
        using var answer = await Get(ops, segment);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static bool IsMember(string id) =>
        Ids.IsMember(Encoding.UTF8.GetBytes(id)) && Encoding.UTF8.GetByteCount(id) <= Member.MaxIdBytes;

    private static Task<HttpResponseMessage> Get(OpsFixture ops, string segment) =>
        ops.Http.GetAsync(new Uri($"{ops.Url.TrimEnd('/')}/v1/members/{segment}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
}
