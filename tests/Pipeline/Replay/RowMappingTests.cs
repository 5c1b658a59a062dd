using System.Text;
using System.Text.Json;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Running;

namespace Streaming.Pipeline.Tests.Replay;

/// <summary>What rows become: kinds, amounts, lists, orders of several rows.</summary>
public sealed class RowMappingTests : IDisposable
{
    private readonly ReplayFiles files = new();

    [Fact]
    public void Date_and_time_may_stand_in_two_columns_and_filters_in_a_row()
    {
        var rows = Rows("""
            topic: clicks
            at: { columns: [Date, Time], format: "dd.MM.yyyy HH:mm", zone: Europe/Berlin }
            kinds: [{ kind: view }]
            fields: { id: "{file|upper}-{row}", member: "{who|trim|lower}", target: "{what|trim|upper}" }
            """, "Date,Time,who,what", "07.01.2014,10:30, ANNA ,  ab ", "07.01.2014,,bob,x", ",10:30,bob,x");
        Assert.Equal(("anna", "AB", "V-1"), (Key(rows[0]), Text(rows[0], "target"), Text(rows[0], "id")));
        Assert.Equal(DateTimeOffset.Parse("2014-01-07T09:30:00Z", System.Globalization.CultureInfo.InvariantCulture)
            .ToUnixTimeMilliseconds(), rows[0].At);
        Assert.Equal(["none", "at-invalid", "at-invalid"], rows.Select(Verdict));
    }

    [Fact]
    public void A_time_that_does_not_fit_its_format_is_rejected_whatever_its_digits()
    {
        var rows = Rows("""
            topic: clicks
            at: { column: when, format: yyyyMMddHHmm }
            kinds: [{ kind: view }]
            fields: { id: "{row}", member: m }
            """, "when,x", "202402291200,", "202402301200,", "1709208000000,", ",x");
        Assert.Equal(["none", "at-invalid", "at-invalid", "at-missing"], rows.Select(Verdict));
    }

    [Fact]
    public void A_kind_is_chosen_by_several_columns_or_taken_from_one()
    {
        var rows = Rows("""
            topic: purchases
            at: { column: at, format: epoch-seconds }
            kinds:
              - { kind: refunded, when: { state: "(?i)^done$", type: "^refund" } }
              - { kind: paid, when: { state: "(?i)^done$" }, unless: { type: "^(refund|test)" } }
              - { from: "{type|lower}", column: state, matches: "^as-is$" }
            amount: { product: [price] }
            fields: { id: "{row}", order: "{row}", member: m, currency: EUR }
            """, "at,state,type,price", "1500000000,Done,refund-x,1", "1500000000,done,sale,1", "1500000000,done,test,1", "1500000000,as-is,Cancelled,1", "1500000000,as-is,frozen,1", "1500000000,as-is,,1");
        Assert.Equal(["refunded", "paid", null, "cancelled", "frozen", null],
            rows.Select(row => Has(row, "kind") ? Text(row, "kind") : null));
        Assert.Equal(["none", "none", "kind-missing", "none", "kind-unknown", "kind-missing"], rows.Select(Verdict));
    }

    [Fact]
    public void Amounts_are_read_in_their_own_style_and_from_minor_units()
    {
        var euro = Rows("""
            topic: purchases
            delimiter: ";"
            at: { column: at, format: epoch-seconds }
            kinds: [{ kind: paid }]
            numbers: { decimal: ",", group: ".", marks: [EUR] }
            amount: { product: [price] }
            fields: { id: "{row}", order: "{row}", member: m, currency: EUR }
            """, "at;price", "1500000000;1.234,50 €", "1500000000;EUR 0,99", "1500000000;1.5", "1500000000;12,3456789");
        Assert.Equal(["1234.5", "0.99", "not a number: 1.5", "12.3456789"], euro.Select(row => Text(row, "amount")));
        Assert.Equal(["none", "none", "amount-invalid", "amount-invalid"], euro.Select(Verdict));
        var cents = Rows("""
            topic: purchases
            at: { column: at, format: epoch-seconds }
            kinds: [{ kind: paid }]
            amount: { product: [cents, count], minorUnits: 2 }
            fields: { id: "{row}", order: "{row}", member: m, currency: EUR }
            """, "at,cents,count", "1500000000,1999,3", "1500000000,5,1", "1500000000,1e3,1");
        Assert.Equal([599_700L, 500, 100_000], cents.Select(row => ReplayFiles.Decode(row).Event.Amount));
    }

    [Fact]
    public void Ratings_and_points_are_numbers_where_they_are_whole()
    {
        var rows = Rows("""
            topic: chats
            at: { column: at, format: epoch-seconds }
            kinds: [{ kind: review }]
            fields: { id: "{row}", member: m, rating: "{stars}" }
            """, "at,stars", "1500000000,5", "1500000000,5.0", "1500000000, 4 ", "1500000000,+3", "1500000000,4.5", "1500000000,6", "1500000000,2e0", "1500000000,five");
        Assert.Equal(["none", "none", "none", "none", "rating-range", "rating-range", "none", "field-type"], rows.Select(Verdict));
        Assert.Equal([5, 5, 4, 3, 2], rows.Where(row => Verdict(row) == "none").Select(row => (int)ReplayFiles.Decode(row).Event.Rating));
    }

    [Fact]
    public void Lists_come_from_one_column_or_from_a_column_each()
    {
        var rows = Rows("""
            topic: members
            delimiter: ";"
            at: { column: at, format: epoch-seconds }
            kinds: [{ kind: updated }]
            fields: { id: "{row}", member: "{who}" }
            words: { yes: [ja], no: [nein] }
            lists:
              consent: { entries: { email: "{mail}", sms: "{sms}" } }
              attributes: { from: "{tags}", split: "|", pair: "=" }
              channels: { from: "{likes}", split: "," }
            """, "at;who;mail;sms;tags;likes", "1500000000;a;ja;NEIN;city=Köln|plan=gold|vip;email, sms,", "1500000000;b;;0;;", "1500000000;c;maybe;;{\"\"x\"\": 1};");
        var (first, verdict) = (ReplayFiles.Json(rows[0]), ReplayFiles.Decode(rows[0]));
        Assert.Equal(RejectReason.None, verdict.Reason);
        Assert.Equal("""{"email":true,"sms":false}""", first.GetProperty("consent").GetRawText());
        Assert.Equal("""{"city":"Köln","plan":"gold","vip":"true"}""", first.GetProperty("attributes").GetRawText());
        Assert.Equal("""["email","sms"]""", first.GetProperty("channels").GetRawText());
        Assert.Equal("""{"sms":false}""", ReplayFiles.Json(rows[1]).GetProperty("consent").GetRawText());
        // never guessed: the decoder judges
        Assert.Equal("\"maybe\"", ReplayFiles.Json(rows[2]).GetProperty("consent").GetProperty("email").GetRawText());
    }

    [Theory]
    [InlineData("email=no; ;email=yes", """{"email":false}""")]
    [InlineData("email=yes;Email=nein;sms", """{"Email":false,"sms":true}""")]
    [InlineData("email=yes;email=maybe;email=ja", """{"email":"maybe"}""")]
    [InlineData("email=;email=yes", """{"email":true}""")]
    [InlineData("*=no;email=yes;email=yes", """{"*":false,"email":true}""")]
    public void A_refusal_outweighs_a_yes_for_the_same_channel_in_one_row(string text, string consent)
    {
        var row = Listed(text)[0];
        Assert.Equal((consent, "none"), (ReplayFiles.Json(row).GetProperty("consent").GetRawText(), Verdict(row)));
    }

    [Theory]
    [InlineData("city=a;city=a;plan=b", "none")]
    [InlineData("city=a;city=b", "duplicate-key")]
    public void An_attribute_with_two_values_is_left_out(string text, string verdict) => Assert.Equal(verdict, Verdict(Listed(text)[1]));

    private IReadOnlyList<ReplayRow> Listed(string text) => Rows("""
        topic: members
        delimiter: "|"
        at: { column: at, format: epoch-seconds }
        kinds: [{ kind: updated }]
        fields: { id: "{row}", member: "{who}" }
        words: { yes: [ja], no: [nein] }
        lists:
          consent: { from: "{said}", split: ";", pair: "=" }
          attributes: { from: "{facts}", split: ";", pair: "=" }
        """, "at|who|said|facts", $"1500000000|a|{text}|", $"1500000000|a||{text}");

    [Fact]
    public void Tags_are_read_from_a_time_or_a_yes_or_no_word()
    {
        var rows = Rows("""
            topic: members
            delimiter: ";"
            at: { column: at, format: epoch-seconds, zone: Europe/Berlin, months: [Jan, Feb, Mär, Apr, Mai, Jun, Jul, Aug, Sep, Okt, Nov, Dez] }
            kinds: [{ kind: updated }]
            fields: { id: "{row}", member: "{who}" }
            lists: { tags: { from: "{tags}", split: "|", pair: "=", format: d MMM yyyy } }
            """, "at;who;tags", "1500000000;a;vip=1 Mai 2026|old=no|club", "1500000000;b;vip=30 Feb 2026|club=yes");
        var verdicts = rows.Select(row => ReplayFiles.Decode(row)).ToList();
        Assert.Equal("""{"vip":1777586400000,"old":false,"club":true}""", ReplayFiles.Json(rows[0]).GetProperty("tags").GetRawText());
        Assert.Equal(3, ReplayFiles.Decode(rows[0]).Event.Tags.Count);
        Assert.Equal("club", Assert.Single(ReplayFiles.Decode(rows[1]).Event.Tags).Name.ToString());
        Assert.All(verdicts, verdict => Assert.Equal(RejectReason.None, verdict.Reason));
    }

    [Fact]
    public void Lists_of_JSON_lines_are_taken_as_they_are()
    {
        var path = files.Write("v.jsonl",
            "{\"at\":1500000000,\"who\":\"a\",\"c\":{\"email\":false},\"l\":[\"email\",\"sms\"],\"s\":\"push;email\"}\n");
        var rows = files.Rows(path, """
            topic: members
            format: json-lines
            at: { column: at, format: epoch-seconds }
            kinds: [{ kind: updated }]
            fields: { id: "{row}", member: "{who}" }
            lists:
              consent: { entries: { email: "{c.email}" } }
              channels: { from: "{l}" }
              attributes: { from: "{s}" }
            """);
        var json = ReplayFiles.Json(rows[0]);
        Assert.Equal(("{\"email\":false}", "[\"email\",\"sms\"]", "{\"push\":\"true\",\"email\":\"true\"}"),
            (json.GetProperty("consent").GetRawText(), json.GetProperty("channels").GetRawText(),
            json.GetProperty("attributes").GetRawText()));
        Assert.Equal("none", Verdict(rows[0]));
    }

    private const string Orders = """
        topic: purchases
        at: { column: at, format: epoch-seconds }
        kinds: [{ kind: paid }]
        amount: { product: [quantity, price] }
        fields: { id: "{order}", order: "{order}", member: "{who}", currency: EUR }
        lines: { by: "{order}", items: { sku: "{sku}", quantity: "{quantity}", price: "{price}" } }
        """;

    [Fact]
    public void Rows_of_one_order_become_one_event_with_its_items_and_their_sum()
    {
        var path = files.Write("o.csv",
            "at,order,who,sku,quantity,price\n1500000000,o1,,s1,2,1.10\n1500000001,o1,m1,s2,1,0.05\n1500000002,o2,m2,s1,1,3\n1500000003,,m3,s9,1,1\n1500000004,,m4,s9,1,1\n1500000005,o1,m1,s3,1,1\n");
        var replay = files.Open(new ReplayFile(path, ReplayFiles.Mapping(Orders)));
        var rows = replay.Read().ToList();
        Assert.Equal([1L, 3, 4, 5, 6], rows.Select(row => row.Row));
        var first = ReplayFiles.Decode(rows[0]);
        Assert.Equal((RejectReason.None, "m1", 22_500L, 2),
            (first.Reason, first.Event.Member.ToString(), first.Event.Amount, first.Event.Items.Count));
        Assert.Equal(["none", "none", "id-missing", "id-missing", "none"], rows.Select(Verdict));
        Assert.Equal((6L, 5L, 1L), (replay.Counts[0].Rows, replay.Counts[0].Sent, replay.Counts[0].Joined));
    }

    [Fact]
    public void With_amount_first_the_first_rows_amount_is_the_orders_amount()
    {
        var path = files.Write("o.csv",
            "at,order,who,sku,quantity,price\n1500000000,o1,m1,s1,1,9.99\n1500000000,o1,,s2,1,\n1500000000,o1,,s3,,77\n");
        var rows = files.Rows(path, Orders.Replace("by:", "amount: first, by:", StringComparison.Ordinal));
        Assert.Equal(99_900L, ReplayFiles.Decode(Assert.Single(rows)).Event.Amount);
    }

    [Fact]
    public void An_order_of_more_items_than_the_contract_takes_is_rejected_and_not_cut()
    {
        var path = files.Write("o.csv", "at,order,who,sku,quantity,price\n" +
            string.Concat(Enumerable.Range(0, 2000).Select(i => $"1500000000,o1,m1,s{i},1,1\n")));
        var replay = files.Open(new ReplayFile(path, ReplayFiles.Mapping(Orders)));
        Assert.Equal("too-many", Verdict(Assert.Single(replay.Read())));
        Assert.Equal(1999, replay.Counts[0].Joined);
    }

    [Theory]
    [InlineData("{who}", new[] { "a", "a-2", "b", "a-4" })]
    [InlineData("{who}-{row}", new[] { "a-1", "a-2", "b-3", "a-4" })]
    public void With_duplicates_keep_equal_rows_get_the_row_number_in_their_id(string id, string[] expected)
    {
        var rows = Rows($$"""
            topic: chats
            duplicates: keep
            at: { column: at, format: epoch-seconds }
            kinds: [{ kind: message }]
            fields: { id: "{{id}}", member: "{who}" }
            """, "at,who", "1500000000,a", "1500000000,a", "1500000000,b", "1500000000,a");
        Assert.Equal(expected, rows.Select(row => Text(row, "id")));
        Assert.All(rows, row => Assert.Null(row.Skipped));
    }

    public void Dispose() => files.Dispose();

    private IReadOnlyList<ReplayRow> Rows(string mapping, params string[] lines) =>
        files.Rows(files.Write("v.csv", string.Join('\n', lines)), mapping);

    private static string Key(ReplayRow row) => Encoding.UTF8.GetString(row.Key!);

    private static string Verdict(ReplayRow row) => RejectReasons.Name(ReplayFiles.Decode(row).Reason);

    private static bool Has(ReplayRow row, string field) => ReplayFiles.Json(row).TryGetProperty(field, out _);

    private static string Text(ReplayRow row, string field) =>
        ReplayFiles.Json(row).GetProperty(field) is { ValueKind: JsonValueKind.String } text
        ? text.GetString()!
        : ReplayFiles.Json(row).GetProperty(field).GetRawText();
}
