using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Running;

namespace Streaming.Pipeline.Tests.Replay;

public sealed class FileReplayTests : IDisposable
{
    private const string Visits = """
        topic: clicks
        at: { column: when, format: epoch-milliseconds }
        kinds: [{ kind: view }]
        fields: { id: "{file}-{row}", member: "{who}", target: "{what}" }
        """;

    private readonly ReplayFiles files = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Invoice_lines_become_events_and_other_rows_are_rejected_with_a_reason(bool gzip)
    {
        var path = files.Write("retail.csv", """"
            InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
            536365,85123A,"HEART, WHITE ""T-LIGHT""",6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom
            536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
            536365,71053,LANTERN,6,2010-12-01 08:26:00,3.39,17850.0,United Kingdom
            C536379,D,Discount,-12,2011-07-01 09:41:00,27.5,14527.0,United Kingdom
            536414,22139,,56,2011-07-01 11:52:00,0.001,,United Kingdom
            A563185,B,Adjust bad debt,1,2011-08-12 14:50:00,-11062.06,,United Kingdom
            """", gzip);
        var replay = files.Open(new ReplayFile(path, ReplayFiles.Shipped("online-retail.yaml")));
        var rows = replay.Read().ToList();

        Assert.Equal([null, null, "duplicate-row", null, null, null], rows.Select(row => row.Skipped));
        var verdicts = rows.Where(row => row.Skipped is null).Select(ReplayFiles.Decode).ToList();
        Assert.Equal([RejectReason.None, RejectReason.None, RejectReason.None, RejectReason.MemberMissing, RejectReason.KindMissing],
            verdicts.Select(v => v.Reason));
        Assert.Equal([153_000L, 203_400, 3_300_000], verdicts.Take(3).Select(v => v.Event.Amount));
        Assert.Equal(["536365-1", "536365-2", "C536379-4"], verdicts.Take(3).Select(v => v.Event.Order.ToString()));
        Assert.Equal((EventKind.Cancelled, "14527"), (verdicts[2].Event.Kind, verdicts[2].Event.Member.ToString()));
        Assert.Equal(DateTimeOffset.Parse("2011-07-01T09:41:00+01:00", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(),
            verdicts[2].Event.At);
        Assert.Equal("0.056", ReplayFiles.Json(rows[4]).GetProperty("amount").GetString());

        var counts = replay.Counts[0];
        Assert.Equal((6, 5, 1, 0, 2, 0), (counts.Rows, counts.Sent, counts.Duplicates, counts.TooLarge, counts.WithoutMember, counts.Late));
        Assert.Equal([("", 1L), ("cancelled", 1), ("paid", 3)], counts.ByKind.Select(k => (k.Key, k.Value)));
    }

    [Fact]
    public void The_shipped_wiki_and_irc_mappings_produce_valid_events()
    {
        var views = files.Write("views.csv", "uuid,timestamp,url\nabc,2014-01-07 00:00:15,https://example.org/a?b\n");
        var chats = files.Write("irc.csv", "at,member,room,text\n2014-01-07T00:00:00Z,trijntje,ubuntu,\"!pm | \"\"hi\"\"\nsecond line\"\n");
        var replay = files.Open(new ReplayFile(views, ReplayFiles.Shipped("wiki-sessions.yaml")),
            new ReplayFile(chats, ReplayFiles.Shipped("ubuntu-irc.yaml")));
        var rows = replay.Read().ToList();
        var (chat, view) = (ReplayFiles.Decode(rows[0]), ReplayFiles.Decode(rows[1]));
        Assert.Equal((RejectReason.None, RejectReason.None), (chat.Reason, view.Reason));
        Assert.Equal((EventKind.Message, "!pm | \"hi\"\nsecond line", "ubuntu"),
            (chat.Event.Kind, chat.Event.Body.ToString(), chat.Event.Room.ToString()));
        Assert.Equal((EventKind.View, "https://example.org/a?b", "view-1"),
            (view.Event.Kind, view.Event.Target.ToString(), view.Event.Id.ToString()));
    }

    [Fact]
    public void Reading_a_file_twice_gives_the_same_events()
    {
        var path = files.Write("v.csv", "when,who,what\n1000,a,x\n2000,b,y\n2000,b,y\n");
        var mapping = ReplayFiles.Mapping(Visits);
        var first = files.Open(new ReplayFile(path, mapping)).Read().Select(row => Convert.ToHexString(row.Value)).ToList();
        Assert.Equal(first, files.Open(new ReplayFile(path, mapping)).Read().Select(row => Convert.ToHexString(row.Value)));
    }

    [Fact]
    public void Every_repeat_of_an_equal_row_is_a_duplicate_for_any_memory_limit()
    {
        var rows = Gen.Choose(0, 6).ListOf().Select(values => values.ToArray());
        Prop.ForAll(rows.ToArbitrary(), Gen.Choose(1, 8).ToArbitrary(), (values, inMemory) =>
        {
            var path = files.Write("v.csv", "when,who,what\n" + string.Concat(values.Select(value => $"1000,m{value},\"a,{value}\"\n")));
            var read = files.Open(inMemory, new ReplayFile(path, ReplayFiles.Mapping(Visits))).Read()
                .Select(row => row.Skipped == ReplayRow.DuplicateRow).ToArray();
            var expected = values.Select((value, i) => values.AsSpan(0, i).Contains(value)).ToArray();
            return read.SequenceEqual(expected) && Directory.GetFiles(files.Path, "*.run", SearchOption.AllDirectories).Length == 0;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Rows_whose_joined_values_are_equal_are_not_duplicates()
    {
        var path = files.Write("v.csv", "when,who,what\n1000,ab,c\n1000,a,bc\n");
        Assert.All(files.Open(new ReplayFile(path, ReplayFiles.Mapping(Visits))).Read(), row => Assert.Null(row.Skipped));
    }

    [Fact]
    public void Files_are_merged_by_time_and_each_keeps_its_own_order()
    {
        var a = files.Write("a.csv", "when,who,what\n1000,a,\n5000,a,\n2000,a,late\n9000,a,\n");
        var b = files.Write("b.csv", "when,who,what\n3000,b,\n6000,b,\n");
        var mapping = ReplayFiles.Mapping(Visits + "\ndisorderMinutes: 0");
        var replay = files.Open(new ReplayFile(a, mapping), new ReplayFile(b, mapping));
        Assert.Equal(["a1000", "b3000", "a5000", "a2000", "b6000", "a9000"], replay.Read()
            .Select(row => $"{(row.File == 0 ? 'a' : 'b')}{row.At}"));
        Assert.Equal([1L, 0], replay.Counts.Select(count => count.Late));
    }

    [Fact]
    public void A_merge_of_files_keeps_every_row_in_time_order()
    {
        var times = Gen.Choose(0, 50).ListOf().Select(list => list.Order().Select(second => 1_000_000_000L + (second * 1000)).ToArray());
        Prop.ForAll(times.ToArbitrary(), times.ToArbitrary(), (x, y) =>
        {
            var mapping = ReplayFiles.Mapping(Visits);
            var a = files.Write("a.csv", "when,who,what\n" + string.Concat(x.Select((at, i) => $"{at},a,{i}\n")));
            var b = files.Write("b.csv", "when,who,what\n" + string.Concat(y.Select((at, i) => $"{at},b,{i}\n")));
            return files.Open(new ReplayFile(a, mapping), new ReplayFile(b, mapping)).Read().Select(row => row.At)
                .SequenceEqual(x.Concat(y).Order());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_faulty_row_is_sent_unchanged_for_the_decoder_to_reject()
    {
        var path = files.Write("p.csv",
            "no;when;q;price;who\n1;yesterday;2;1.50;m\n2;;x;1.50;m\n3;1262304000;2\n4;1262304000;1e3;1;NULL\n");
        var mapping = ReplayFiles.Mapping("""
            topic: purchases
            delimiter: ";"
            empty: ["NULL"]
            at: { column: when, format: epoch-seconds }
            kinds: [{ kind: paid }]
            amount: { product: [q, price] }
            fields: { id: "{no}", order: "{no}", member: "{who}", currency: EUR }
            """);
        var rows = files.Open(new ReplayFile(path, mapping)).Read().ToList();
        Assert.Equal(["at-invalid", "amount-invalid", "member-missing", "member-missing"],
            rows.Select(row => ReplayFiles.Decode(row).Reason.Name()));
        Assert.Equal(["m", "m", null, null], rows.Select(row => row.Key is null ? null : System.Text.Encoding.UTF8.GetString(row.Key)));
    }

    [Fact]
    public void A_row_with_a_future_time_does_not_advance_the_clock()
    {
        var path = files.Write("v.csv", "when,who,what\n1500000000000,a,\n4102444800000,a,\n1500000000500,a,\n");
        var rows = files.Open(new ReplayFile(path, ReplayFiles.Mapping(Visits))).Read().ToList();
        Assert.Equal([1_500_000_000_000L, 1_500_000_000_000, 1_500_000_000_500], rows.Select(row => row.At));
        Assert.Equal(["none", "at-in-future", "none"], rows.Select(row => ReplayFiles.Decode(row).Reason.Name()));
    }

    [Fact]
    public void A_file_without_a_header_is_read_by_the_mappings_columns()
    {
        var path = files.Write("p.tsv", "1000\tm-1\n2000\tm-2");
        var mapping = ReplayFiles.Mapping(Visits.Replace(", target: \"{what}\"", "", StringComparison.Ordinal) +
            "\ndelimiter: \"\\t\"\ncolumns: [when, who]");
        Assert.Equal(["p-1", "p-2"], files.Open(new ReplayFile(path, mapping)).Read()
            .Select(row => ReplayFiles.Json(row).GetProperty("id").GetString()));
    }

    [Fact]
    public void An_event_too_large_for_a_broker_is_counted_and_left_out()
    {
        var path = files.Write("v.csv", "when,who,what\n1000,a," + new string('x', 600_000) + "\n2000,a,y\n");
        var replay = files.Open(new ReplayFile(path, ReplayFiles.Mapping(Visits)));
        Assert.Equal(["too-large", null], replay.Read().Select(row => row.Skipped));
        Assert.Equal((1, 1), (replay.Counts[0].TooLarge, replay.Counts[0].Sent));
    }

    [Fact]
    public void Every_missing_column_is_named_at_once()
    {
        var path = files.Write("v.csv", "time,who,url\n");
        var error = Assert.Throws<ReplayFileException>(() => files.Open(new ReplayFile(path, ReplayFiles.Mapping(Visits))));
        Assert.EndsWith("has no column 'when', 'what'; it has 'time', 'who', 'url'.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_named_with_the_place()
    {
        var mapping = ReplayFiles.Mapping(Visits);
        var cut = files.Write("cut.csv.gz", "when,who,what\n" + string.Concat(Enumerable.Range(0, 50_000)
            .Select(i => $"{i},m{i * 7919 % 10_007},x\n")), gzip: true);
        using (var file = File.OpenWrite(cut)) file.SetLength(file.Length / 2);
        var open = files.Write("open.csv", "when,who,what\n1000,a,\"never closed\n" +
            string.Concat(Enumerable.Repeat("1000,a,more\n", 200_000)));
        foreach (var path in new[] { cut, open, files.Write("empty.csv", ""), System.IO.Path.Combine(files.Path, "not-there.csv") })
        {
            Assert.StartsWith(path, Assert.Throws<ReplayFileException>(() => files.Open(new ReplayFile(path, mapping))).Message,
                StringComparison.Ordinal);
        }
    }

    public void Dispose() => files.Dispose();
}
