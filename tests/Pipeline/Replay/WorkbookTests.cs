using System.Globalization;
using System.IO.Compression;
using System.Text;
using Streaming.Contract.Records;
using Streaming.TestKit.Replay;
using static Streaming.TestKit.Replay.WorkbookFile;

namespace Streaming.Pipeline.Tests.Replay;

/// <summary>Excel workbooks as files to replay.</summary>
public sealed class WorkbookTests : IDisposable
{
    private const string Sales = """
        topic: purchases
        format: xlsx
        at: { columns: [Date, Time], zone: Europe/Berlin, format: "yyyy-MM-dd HH:mm:ss" }
        kinds: [{ kind: paid }]
        amount: { product: [Price] }
        fields: { id: "{row}", order: "{Order}", member: "{Who}", currency: EUR }

        """;

    private static readonly string[] Header = [Text("Date"), Text("Time"), Text("Order"), Shared(0), Text("Price")];
    private readonly ReplayFiles files = new();

    [Fact]
    public void Workbook_cells_are_read_as_they_are_displayed()
    {
        var path = Write(("Sales", [[Text("Report")], [Empty], Header,
            [Number("40182", 1), Number("0.4756944444444444", 3), Number("17"), Shared(1), Number("0.30000000000000004")],
            [Empty, Empty],
            [Number("40182", 1), Number("0.5", 3), Text("18"), Text("b & c"), Number("1234567.25")]]));
        var rows = files.Rows(path, Sales + "skipRows: 2");
        Assert.Equal(["anna ü", "b & c"], rows.Select(row => Encoding.UTF8.GetString(row.Key!)));
        Assert.Equal(["17", "18"], rows.Select(row => ReplayFiles.Json(row).GetProperty("order").GetString()));
        Assert.Equal([3_000L, 12_345_672_500], rows.Select(row => ReplayFiles.Decode(row).Event.Amount));
        Assert.Equal(DateTimeOffset.Parse("2010-01-04T10:25:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), rows[0].At);
        Assert.Equal(DateTimeOffset.Parse("2010-01-04T11:00:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), rows[1].At);
    }

    [Fact]
    public void A_cell_with_date_and_time_needs_no_format_and_a_plain_number_is_a_serial()
    {
        var path = Write(("S", [[Text("Date"), Text("Order"), Text("Who"), Text("Price")],
            [Number("40182.475694444445", 2), Number("1"), Text("a"), Number("1")]]));
        var mapping = Sales.Replace("columns: [Date, Time]", "column: Date", StringComparison.Ordinal)
            .Replace(", format: \"yyyy-MM-dd HH:mm:ss\"", "", StringComparison.Ordinal);
        var expected = DateTimeOffset.Parse("2010-01-04T10:25:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();
        Assert.Equal(expected, Assert.Single(files.Rows(path, mapping)).At);
        var plain = Write(("S", [[Text("Date"), Text("Order"), Text("Who"), Text("Price")],
            [Number("40182.475694444445"), Number("1"), Text("a"), Number("1")]]));
        Assert.Equal(expected, Assert.Single(files.Rows(plain,
            mapping.Replace("column: Date", "column: Date, format: excel-serial", StringComparison.Ordinal))).At);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("true")]
    public void Plain_numbers_are_1904_dates_in_a_workbook_with_date1904(string yes)
    {
        var path = Path.Combine(files.Path, "mac.xlsx");
        WorkbookFile.Write(path, [], $"<workbookPr date1904=\"{yes}\"/>", ("S", [[Text("Date"), Text("Order"), Text("Who"), Text("Price")],
            [Number("38720.475694444445"), Number("1"), Text("a"), Number("1")]]));
        var mapping = Sales.Replace("columns: [Date, Time]", "column: Date, format: excel-serial", StringComparison.Ordinal)
            .Replace(", format: \"yyyy-MM-dd HH:mm:ss\"", "", StringComparison.Ordinal);
        Assert.Equal(DateTimeOffset.Parse("2010-01-04T10:25:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(),
            Assert.Single(files.Rows(path, mapping)).At);
    }

    [Fact]
    public void Only_the_first_of_merged_cells_has_the_value()
    {
        var path = Write(("Sales", [Header, [Number("40182", 1), Number("0.5", 3), Number("17"), Text("a"), Number("5")],
            [Number("40182", 1), Number("0.5", 3), Number("18"), Empty, Number("5")],
            [Number("40182", 1), Number("0.5", 3), Number("19"), Text("c"), Empty]]));
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            var sheet = archive.GetEntry("xl/worksheets/sheet1.xml")!;
            using var reader = new StreamReader(sheet.Open());
            var text = reader.ReadToEnd();
            reader.Dispose();
            sheet.Delete();
            using var writer = new StreamWriter(archive.CreateEntry("xl/worksheets/sheet1.xml").Open());
            writer.Write(text.Replace("</sheetData>", "</sheetData><mergeCells count=\"2\"><mergeCell ref=\"D2:D3\"/>" +
                "<mergeCell ref=\"E3:E4\"/></mergeCells>", StringComparison.Ordinal));
        }

        Assert.Equal([RejectReason.None, RejectReason.MemberMissing, RejectReason.AmountMissing],
            files.Rows(path, Sales).Select(row => ReplayFiles.Decode(row).Reason));
    }

    [Fact]
    public void A_sheet_is_chosen_by_its_name()
    {
        var path = Write(("Notes", [[Text("x")]]),
            ("Sales", [Header, [Number("40182", 1), Number("0.5", 3), Number("1"), Text("a"), Number("1")]]));
        Assert.Single(files.Rows(path, Sales + "sheet: Sales"));
        Assert.Contains("has no sheet 'Sale'; it has 'Notes', 'Sales'.", files.Refusal(path, Sales + "sheet: Sale"),
            StringComparison.Ordinal);
        Assert.Contains("has no column 'Date', 'Time'", files.Refusal(path, Sales), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_sheet_is_an_error_and_a_sheet_with_a_header_has_no_rows()
    {
        Assert.EndsWith("is empty; it has no header line.", files.Refusal(Write(("None", []), ("S", [Header])), Sales),
            StringComparison.Ordinal);
        Assert.EndsWith("is empty; it has no header line.", files.Refusal(Write(("S", [[Empty], [Text("")]])), Sales),
            StringComparison.Ordinal);
        Assert.Empty(files.Rows(Write(("S", [[], Header, []])), Sales));
    }

    [Fact]
    public void A_file_that_is_no_workbook_is_refused_with_a_sentence()
    {
        Assert.Contains("is no Excel workbook, as the mapping's format says", files.Refusal(files.Write("a.csv", "Date,Time\n"), Sales),
            StringComparison.Ordinal);
        var workbook = Write(("S", [Header]));
        Assert.Contains("needs format: xlsx", files.Refusal(workbook, Sales.Replace("format: xlsx\n", "", StringComparison.Ordinal)),
            StringComparison.Ordinal);
        var zip = Path.Combine(files.Path, "z.xlsx");
        using (var archive = new ZipArchive(File.Create(zip), ZipArchiveMode.Create)) archive.CreateEntry("hello.txt");
        Assert.Contains("is no Excel workbook, or is damaged", files.Refusal(zip, Sales), StringComparison.Ordinal);
    }

    [Fact]
    public void A_workbook_that_unpacks_to_more_than_is_allowed_is_refused_before_it_is_read()
    {
        var path = Write(("S", [Header, [Text(new string('x', 3 << 20))]]));
        Assert.Contains("is larger than 2 MiB once unpacked", files.Refusal(path, Sales + "unpackedMiB: 2"), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_damaged_workbook_is_refused_with_a_sentence()
    {
        var good = File.ReadAllBytes(Write(("S", [Header, [Number("40182", 1), Number("0.5", 3), Number("1"), Text("a"), Number("1")]])));
        var random = new Random(7);
        var read = 0;
        for (var n = 0; n < 300; n++)
        {
            var path = files.Write("bad.xlsx", n % 2 == 0 ? Damaged(good, random) : WithDamagedCells(good, random));
            if (ReplayFuzzTests.AssertReplaysOrIsRefused(files, path, Sales)) read++;
        }

        Assert.InRange(read, 1, 299);
    }

    public void Dispose() => files.Dispose();

    private static byte[] Damaged(byte[] good, Random random)
    {
        var bad = (byte[])good.Clone();
        for (var i = random.Next(1, 20); i > 0; i--) bad[random.Next(bad.Length)] = (byte)random.Next(256);
        return bad[..random.Next(bad.Length / 2, bad.Length + 1)];
    }

    /// <summary>The archive is sound, and what a sheet in it says is not.</summary>
    private static byte[] WithDamagedCells(byte[] good, Random random)
    {
        using var packed = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(good)))
        using (var to = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in from.Entries)
            {
                using var text = new MemoryStream();
                using (var read = entry.Open()) read.CopyTo(text);
                var bytes = text.ToArray();
                var changes = entry.FullName.Contains("worksheets/", StringComparison.Ordinal) ? random.Next(1, 4) : 0;
                for (; changes > 0; changes--) bytes[random.Next(bytes.Length)] = (byte)random.Next(' ', '~');
                using var written = to.CreateEntry(entry.FullName).Open();
                written.Write(bytes);
            }
        }

        return packed.ToArray();
    }

    private string Write(params (string Name, string[][] Rows)[] sheets)
    {
        var path = Path.Combine(files.Path, $"{Guid.NewGuid():n}.xlsx");
        WorkbookFile.Write(path, ["Who", "anna ü"], sheets);
        return path;
    }
}
