using System.IO.Compression;
using System.Text;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;

namespace Streaming.Pipeline.Tests.Replay;

/// <summary>Encodings, packages and formats of files, and the error sentence for each file that cannot be used.</summary>
public sealed class FileFormatTests : IDisposable
{
    private const string Visits = """
        topic: clicks
        at: { column: when, format: epoch-milliseconds }
        kinds: [{ kind: view }]
        fields: { id: "{row}", member: "{who}", target: "{what}" }

        """;

    private readonly ReplayFiles files = new();

    [Theory]
    [InlineData("gb18030", "张三")]
    [InlineData("gbk", "张三")]
    [InlineData("big5", "張三")]
    [InlineData("shift_jis", "太郎")]
    [InlineData("euc-kr", "철수")]
    [InlineData("windows-1252", "Jérôme € “x”")]
    [InlineData("windows-1251", "Мария")]
    [InlineData("koi8-r", "Мария")]
    [InlineData("iso-8859-15", "Jérôme €")]
    [InlineData("utf-16", "张三 é")]
    [InlineData("utf-16BE", "张三 é")]
    [InlineData("utf-8", "张三 é 😀")]
    public void A_text_is_read_in_the_encoding_the_mapping_says(string encoding, string member)
    {
        var content = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{1000 + i},{member}{i},x\n"));
        var path = files.Write("v.csv", Encodings.Find(encoding)!.GetBytes("when,who,what\n" + content));
        var rows = files.Rows(path, Visits + $"encoding: {encoding}");
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => $"{member}{i}"), rows.Select(row => Encoding.UTF8.GetString(row.Key!)));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void A_byte_order_mark_says_the_encoding_and_is_no_part_of_the_first_column(string encoding)
    {
        var with = Encoding.GetEncoding(encoding);
        var path = files.Write("v.csv", [.. with.GetPreamble(), .. with.GetBytes("when,who,what\n1000,é,x\n")]);
        Assert.Equal("é", Encoding.UTF8.GetString(files.Rows(path, Visits)[0].Key!));
        Assert.Contains("begins with the byte-order mark of utf-", files.Refusal(path, Visits + "encoding: gb18030"),
            StringComparison.Ordinal);
    }

    // The place of the bad byte must be right also when the reader's buffer ends in the middle of a character.
    [Theory]
    [InlineData("utf-8", "é", new byte[] { 0xE9 })]
    [InlineData("utf-8", "张", new byte[] { 0xE5, 0xBC })]
    [InlineData("gb18030", "张", new byte[] { 0xFF })]
    [InlineData("shift_jis", "太", new byte[] { 0x82 })]
    public void A_byte_outside_the_encoding_is_an_error_with_its_offset(string encoding, string good, byte[] bad)
    {
        var with = Encodings.Find(encoding)!;
        foreach (var lines in new[] { 0, 1, 1000, 2729, 2730, 2731, 5000 })
        {
            byte[] before = with.GetBytes("when,who,what\n" + string.Concat(Enumerable.Repeat($"1000,{good},x\n", lines)) + "1000,");
            var path = files.Write("v.csv", [.. before, .. bad, .. " ,x\n1000,b,x\n"u8]);
            Assert.Contains(
                $"is not {with.WebName}: the byte 0x{bad[0]:X2} at offset {before.Length}, in line {lines + 2}, is not valid",
                    files.Refusal(path, Visits + $"encoding: {encoding}"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("windows-1252", "Ã\u008dx")]
    [InlineData("iso-8859-1", "a\u0092b")]
    public void Undefined_bytes_of_a_single_byte_encoding_are_an_error(string encoding, string member)
    {
        var path = files.Write("v.csv", Encoding.Latin1.GetBytes($"when,who,what\n1000,{member},x\n"));
        Assert.Contains("in line 2, is not valid in it", files.Refusal(path, Visits + $"encoding: {encoding}"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void UTF_16_without_a_byte_order_mark_is_refused_as_UTF_8()
    {
        var path = files.Write("v.csv", Encoding.Unicode.GetBytes("when,who,what\n1000,a,x\n"));
        Assert.Contains("the byte 0x00 at offset 1, in line 1", files.Refusal(path, Visits), StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_above_the_header_are_skipped_and_line_numbers_stay_right()
    {
        var path = files.Write("v.csv", "Report \"of the week\r\nmade " +
            "today\r\n\r\nwhen;who;what\r\n1000;a;'x;\r\ny'\r\n\r\n2000;b;z\r\n3000;c;'open\r\n");
        const string Mapping = Visits + "skipRows: 3\ndelimiter: \";\"\nquote: \"'\"\n";
        Assert.Contains("a quote in line 9 that is never closed", files.Refusal(path, Mapping), StringComparison.Ordinal);
        File.WriteAllText(path, File.ReadAllText(path).Replace("'open", "shut", StringComparison.Ordinal));
        var rows = files.Rows(path, Mapping);
        Assert.Equal(["x;\r\ny", "z", "shut"], rows.Select(row => ReplayFiles.Json(row).GetProperty("target").GetString()));
    }

    [Theory]
    [InlineData("1000,a,\"never closed\n2000,b,x\n", 2)]
    [InlineData("1000,a,\"never closed", 2)]
    [InlineData("1000,a,\"never closed\"\"", 2)]
    [InlineData("1000,a,\"\"\"", 2)]
    [InlineData("1000,a,\"", 2)]
    [InlineData("1000,a,x\n\n2000,\"b\nb\",\"never\n3000,c,y\n", 5)]
    [InlineData("1000,a,\"never closed\n2000,b,\"x\"\n", 2)]
    [InlineData("1000,a,\"never closed\n2000,b,x\n3000,c,\"closes by chance, and goes on\n", 2)]
    public void A_quote_that_is_never_closed_is_an_error_with_its_line(string rows, int line) =>
        Assert.Contains($"a quote in line {line} that is never closed",
            files.Refusal(files.Write("v.csv", "when,who,what\n" + rows), Visits), StringComparison.Ordinal);

    [Theory]
    [InlineData("1000,a,5\" screen\n", "", "5\" screen")]
    [InlineData("1000,a,\"5\"\" screen\"", "", "5\" screen")]
    [InlineData("1000,a,\"\"\"x\"\"\"", "", "\"x\"")]
    [InlineData("1000,a,\"quote\n", "quote: none", "\"quote")]
    [InlineData("1000,a,\"5\\\" \\\\ screen\"\n", "escape: \"\\\\\"", "5\" \\ screen")]
    public void A_quote_that_is_text_stays_text(string row, string setting, string expected) =>
        Assert.Equal(expected, ReplayFiles.Json(files.Rows(files.Write("v.csv", "when,who,what\n" + row), Visits + setting)[0])
            .GetProperty("target").GetString());

    [Fact]
    public void A_column_named_twice_is_an_error_unless_the_mapping_names_the_columns()
    {
        var path = files.Write("v.csv", "when, who ,what,when,,\n1000,a,x,2000,,\n");
        Assert.Contains("has the column 'when' twice, as number 1 and 4", files.Refusal(path, Visits), StringComparison.Ordinal);
        Assert.Single(files.Rows(path, Visits + "skipRows: 1\ncolumns: [when, who, what, other]"));
    }

    [Fact]
    public void A_row_with_more_values_than_columns_is_left_out_by_its_reason()
    {
        var path = files.Write("v.csv", "when,who,what\n1000,a,hello, world\n2000,b,x,\n3000,c\n");
        Assert.Equal(["too-many-columns", null, null], files.Rows(path, Visits).Select(row => row.Skipped));
    }

    [Fact]
    public void JSON_lines_are_rows_whose_columns_are_paths()
    {
        var path = files.Write("v.jsonl", """
            {"when": 1000, "user": {"id": "a", "x": null}, "what": "zwei\nZeilen 😀"}

            {"what": true, "user": {"id": 17}, "when": "2000"}
            not json
            [1]
            {"when": 3000, "when": 4000}
            {"when": 5000, "user": {"id": "\ud800"}}
            """);
        const string Mapping = """
            topic: clicks
            format: json-lines
            at: { column: when, format: epoch-milliseconds }
            kinds: [{ kind: view }]
            fields: { id: "{row}", member: "{user.id}", target: "{what}" }
            """;
        var rows = files.Rows(path, Mapping);
        Assert.Equal([null, null, "not-json", "not-object", "duplicate-key", "not-json"], rows.Select(row => row.Skipped));
        Assert.Equal(["zwei\nZeilen 😀", "true"], rows.Take(2).Select(row => ReplayFiles.Json(row).GetProperty("target").GetString()));
        Assert.Equal("17", Encoding.UTF8.GetString(rows[1].Key!));
        Assert.Contains("has no column 'user.name'; it has 'when', 'user.id', 'user.x', 'what'",
            files.Refusal(path, Mapping.Replace("{user.id}", "{user.name}", StringComparison.Ordinal)), StringComparison.Ordinal);
        File.WriteAllText(path, "when;user\n1;a\n");
        Assert.Contains("has no column 'when', 'user.id', 'what'; it has none.", files.Refusal(path, Mapping), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"when":1000,"who":"a","what":"x","what.y":1}""", null)]
    [InlineData("""{"when":1000,"who":"a","what":{"y":1},"what.y":2}""", "duplicate-key")]
    [InlineData("""{"when":1000,"who":"a","what.y":2,"what":{"y":1}}""", "duplicate-key")]
    [InlineData("""{"when":1000,"who":"a","what":"x","a.b":{"c":""},"a":{"b.c":null}}""", "duplicate-key")]
    [InlineData("""{"when":1000,"who":"a","what":"x","a":{"b":[1]},"a.B":2}""", null)]
    [InlineData("""{"when":1000,"who":"a","who":"a","what":"x"}""", "duplicate-key")]
    [InlineData("""{"when":1000,"who":"a","what":"x","a":{},"a":{}}""", "duplicate-key")]
    [InlineData("""{"when":1000,"who":"a","what":"x","a":[{"b":1,"\u0062":2}]}""", "duplicate-key")]
    [InlineData("""[{"who":"a","who":"b"}]""", "not-object")]
    [InlineData("""{"when":1000,"who":"a","who":"b",}""", "not-json")]
    public void JSON_lines_in_which_two_names_make_one_path_are_left_out_by_their_reason(string line, string? reason)
    {
        var rows = files.Rows(files.Write("v.jsonl", $"{{\"what\":\"x\"}}\n{line}\n{{\"when\":1,\"who\":\"b\"}}"),
            Visits + "format: json-lines");
        Assert.Equal([null, reason, null], rows.Select(row => row.Skipped));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r")]
    [InlineData("\r\n")]
    [InlineData(null)]
    public void Lines_may_end_as_they_do_on_any_system_also_in_one_file(string? end)
    {
        string[] ends = ["\r\n", "\n", "\r", "\r", "\r\n", "\n"];
        string Join(params string[] lines) => string.Concat(lines.Select((line, i) => line + (end ?? ends[i % ends.Length])));
        var table = files.Rows(files.Write("v.csv", Join("a title", "when,who,what", "1000,a,x", "", "2000,b,\"y,\"", "x,c,z")),
            Visits + "skipRows: 1");
        var lines = files.Rows(files.Write("v.jsonl", Join("a title", "{\"when\":1000,\"who\":\"a\",\"what\":\"x\"}", "", "",
            "{\"when\":2000,\"who\":\"b\",\"what\":\"y,\"}", "{\"when\":\"x\",\"who\":\"c\",\"what\":\"z\"}")),
            Visits + "format: json-lines\nskipRows: 1");
        foreach (var rows in new[] { table, lines })
        {
            Assert.Equal(["x", "y,", "z"], rows.Select(row => ReplayFiles.Json(row).GetProperty("target").GetString()));
            Assert.Equal(["a", "b", "c"], rows.Select(row => Encoding.UTF8.GetString(row.Key!)));
        }
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("gb18030")]
    public void A_gb18030_byte_order_mark_is_removed_and_another_encoding_is_an_error(string encoding)
    {
        byte[] text = Encodings.Find("gb18030")!.GetBytes("when,who,what\n1000,张三,\u3400😀\n");
        var path = files.Write("v.csv", [0x84, 0x31, 0x95, 0x33, .. text]);
        if (encoding == "utf-8")
            Assert.Contains("mark of gb18030", files.Refusal(path, Visits + "encoding: utf-8"), StringComparison.Ordinal);
        else
            Assert.Equal("张三", Encoding.UTF8.GetString(files.Rows(path, Visits + "encoding: gb18030")[0].Key!));
        Assert.Equal("\u3400😀", ReplayFiles.Json(files.Rows(path, Visits)[0]).GetProperty("target").GetString());
    }

    [Theory]
    [InlineData("1000,a,x\"y\"z\n", "x\"y\"z")]
    [InlineData("1000,a,\"x\"y\n", "xy")]
    [InlineData("1000,a,x\"\n", "x\"")]
    [InlineData("1000,a, \"x\"\n", " \"x\"")]
    [InlineData("1000,a,\"\"\"x,\"\" y\"\n", "\"x,\" y")]
    public void A_quote_inside_a_field_does_not_join_other_fields(string row, string what)
    {
        var rows = files.Rows(files.Write("v.csv", "when,who,what\n" + row + "2000,b,next\n"), Visits);
        Assert.Equal([what, "next"], rows.Select(r => ReplayFiles.Json(r).GetProperty("target").GetString()));
    }

    [Fact]
    public void A_zip_archive_is_read_by_its_only_file_or_by_those_that_are_named()
    {
        var one = Zip("one.zip", ("export/v.csv", "when,who,what\n1000,a,x\n"), ("__MACOSX/export/._v.csv", "junk"),
            ("export/.DS_Store", "junk"));
        Assert.Single(files.Rows(one, Visits));
        var three = Zip("three.zip", ("b.csv", "what,when,who\nx,3000,c\n"), ("a.csv", "when,who,what\n1000,a,x\n2000,b,x\n"),
            ("readme.txt", "hello"));
        Assert.Contains("holds several files; say which with entry in the mapping (\"*.csv\" reads all of those): 'a.csv', 'b.csv', " +
            "'readme.txt'", files.Refusal(three, Visits), StringComparison.Ordinal);
        Assert.Equal(["a", "b", "c"], files.Rows(three, Visits + "entry: \"*.csv\"").Select(row => Encoding.UTF8.GetString(row.Key!)));
        Assert.Equal(["1", "2", "3"], files.Rows(three, Visits + "entry: \"*.csv\"")
            .Select(row => ReplayFiles.Json(row).GetProperty("id").GetString()));
        Assert.Contains("holds no file that matches entry: *.tsv", files.Refusal(three, Visits + "entry: \"*.tsv\""),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bomb.csv.gz")]
    [InlineData("bomb.zip")]
    public void An_archive_that_unpacks_beyond_the_limit_is_refused(string name)
    {
        var blank = new string('\n', 3 << 20);
        var path = name.EndsWith("zip", StringComparison.Ordinal) ? Zip(name, ("v.csv", blank)) : files.Write(name, blank, gzip: true);
        Assert.Contains("is larger than 2 MiB once unpacked", files.Refusal(path, Visits + "unpackedMiB: 2"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_of_too_many_files_is_refused() =>
        Assert.Contains("archives of at most 10000 are read",
            files.Refusal(Zip("many.zip", [.. Enumerable.Range(0, 10_001).Select(i => ($"{i}", ""))]), Visits), StringComparison.Ordinal);

    [Theory]
    [InlineData("d0cf11e0a1b11ae1", "an old or a password-protected Office document")]
    [InlineData("377abcaf271c0004", "a 7z archive")]
    [InlineData("28b52ffd00000000", "compressed with zstd")]
    [InlineData("fd377a585a000000", "compressed with xz")]
    [InlineData("425a683931415926", "compressed with bzip2")]
    [InlineData("255044462d312e37", "a PDF document")]
    public void A_binary_file_is_refused_by_its_kind(string head, string says) =>
        Assert.Contains(says, files.Refusal(files.Write("x", Convert.FromHexString(head)), Visits), StringComparison.Ordinal);

    [Fact]
    public void A_row_above_the_record_limit_is_refused()
    {
        var commas = files.Write("v.csv", "when,who,what\n" + new string(',', TextSource.MaxRecord + (1 << 20)));
        Assert.Contains("has a row of more than", files.Refusal(commas, Visits), StringComparison.Ordinal);
        var line = files.Write("v.jsonl", new string(' ', TextSource.MaxRecord + (1 << 20)));
        Assert.Contains("of more than", files.Refusal(line, Visits + "format: json-lines"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_or_a_device_is_no_file()
    {
        Assert.StartsWith(files.Path, files.Refusal(files.Path, Visits), StringComparison.Ordinal);
        Assert.StartsWith("/dev/null is empty", files.Refusal("/dev/null", Visits), StringComparison.Ordinal);
    }

    [Fact]
    public void A_zip_entry_with_a_wrong_checksum_is_an_error()
    {
        var path = Path.Combine(files.Path, "sum.zip");
        using (var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create))
        {
            using var to = archive.CreateEntry("v.csv", CompressionLevel.NoCompression).Open();
            to.Write("when,who,what\n1000,abcdef,x\n"u8);
        }

        Assert.Single(files.Rows(path, Visits));
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.AsSpan().IndexOf("abcdef"u8)] ^= 1;
        Assert.EndsWith("sum.zip/v.csv is damaged: its checksum differs from the one in the archive.",
            files.Refusal(files.Write("sum.zip", bytes), Visits), StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_or_changed_compressed_file_is_an_error()
    {
        var whole = File.ReadAllBytes(files.Write("v.csv.gz", "when,who,what\n" + string.Concat(Enumerable.Range(0, 500).Select(i =>
            $"{i},m{i * 7919},x\n")), gzip: true));
        Assert.Equal(500, files.Rows(files.Write("w.csv.gz", whole), Visits).Count);
        foreach (var length in new[] { 1, 5, 9 })
        {
            var refusal = files.Refusal(files.Write("w.csv.gz", whole[..^length]), Visits);
            Assert.Contains("w.csv.gz is damaged: ", refusal, StringComparison.Ordinal);
        }

        whole[^6] ^= 1; // of the checksum
        Assert.Contains("its checksum is wrong", files.Refusal(files.Write("w.csv.gz", whole), Visits), StringComparison.Ordinal);
    }

    [Fact]
    public void An_archive_inside_an_archive_is_refused_with_advice()
    {
        var zip = File.ReadAllBytes(Zip("in.zip", ("v.csv", "when,who,what\n1000,a,x\n")));
        var path = Path.Combine(files.Path, "v.zip.gz");
        using (var to = new GZipStream(File.Create(path), CompressionLevel.Fastest)) to.Write(zip);
        Assert.EndsWith("is a zip archive inside of another: unpack it once.", files.Refusal(path, Visits), StringComparison.Ordinal);
        var outer = Path.Combine(files.Path, "out.zip");
        using (var archive = new ZipArchive(File.Create(outer), ZipArchiveMode.Create))
        {
            using var to = archive.CreateEntry("v.csv.gz").Open();
            to.Write(File.ReadAllBytes(path));
        }

        Assert.EndsWith("is compressed with gzip inside of another: unpack it once.", files.Refusal(outer, Visits),
            StringComparison.Ordinal);
    }

    public void Dispose() => files.Dispose();

    private string Zip(string name, params (string Name, string Content)[] entries)
    {
        var path = Path.Combine(files.Path, name);
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (entry, content) in entries)
        {
            using var to = archive.CreateEntry(entry).Open();
            to.Write(Encoding.UTF8.GetBytes(content));
        }

        return path;
    }
}
