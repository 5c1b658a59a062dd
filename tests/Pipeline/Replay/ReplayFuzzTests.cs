using System.IO.Compression;
using System.Text;
using Streaming.Contract.Decoding;
using Streaming.Contract.Records;
using Streaming.Members.ChurnRisk;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Lifecycles;
using Streaming.Replay.Mappings;
using Streaming.Replay.Reading;
using Streaming.Replay.Running;
using Streaming.TestKit;

namespace Streaming.Pipeline.Tests.Replay;

/// <summary>Whatever a file holds: it is refused in one sentence, or every row of it
/// is an event, a reject or left out by a reason.</summary>
public sealed class ReplayFuzzTests : IDisposable
{
    private const string Rest = """

        topic: purchases
        kinds: [{ from: "{kind}" }, { kind: paid, unless: { price: "^-" } }]
        amount: { product: [price], minorUnits: 2 }
        numbers: { group: "," }
        fields: { id: "{row}", order: "{id|trim|upper}", member: "{who|integer}", currency: EUR }
        lists: { coupons: { from: "{codes}", split: "|" } }
        lines: { by: "{id}", items: { sku: "{who}", quantity: "{price}" } }
        """;

    private static readonly string[] Mappings =
    [
        "at: { columns: [date, time], format: \"yyyy-MM-dd HH:mm\", zone: America/New_York }" + Rest,
        "at: { column: date, format: epoch-seconds }\nformat: json-lines\nsort: true" + Rest,
        "at: { column: date }\nencoding: gb18030\nquote: \"'\"\nescape: \"\\\\\"\nduplicates: keep" + Rest,
        "at: { column: date, format: excel-serial }\ncolumns: [id, date, time, who, kind, price, codes]\nquote: none\nencoding: " +
            "windows-1252" + Rest,
        "at: { column: date, format: \"d MMM yyyy\", months: [ene, feb, mar, abr, may, jun, jul, ago, sep, oct, nov, dic] }\nskipRows: " +
            "1\nencoding: utf-16" + Rest,
    ];

    private static readonly string[] Pieces =
    [
        "id,date,time,who,kind,price,codes\n", "1,2014-01-07,10:30,17.0,paid,\"1,234.50\",a|b\n", "\"", "\"\"", "'", "\\", ",", ";", "\n",
            "\r\n", "\r", "\t", "\0", "﻿", "é", "张", "{\"id\":1,\"date\":1400000000,\"who\":\"x\",\"price\":5}\n",
        "{\"id\":{\"a\":[1,{}]},\"who\":null}\n", "{", "}", "[]", "1e9", "-1", "(5)", "€5", "2014-02-30", "45000.5", "3 ene 2014", "🙂",
            "\ud800",
    ];

    private readonly ReplayFiles files = new();

    [Fact]
    public void Any_bytes_are_read_as_rows_or_refused_with_a_sentence()
    {
        var random = new Random(20);
        var runs = FuzzCount.Of("STREAMING_REPLAY_FUZZ", 1_500);
        for (var n = 0; n < runs; n++)
        {
            var text = new StringBuilder(n % 3 == 0 ? "" : Pieces[0]);
            for (var i = random.Next(60); i > 0; i--) text.Append(Pieces[random.Next(Pieces.Length)]);
            var encoding = (n % 3) switch { 0 => Encoding.UTF8, 1 => Encoding.Unicode, _ => Encoding.Latin1 };
            var bytes = encoding.GetBytes(text.ToString());
            for (var i = random.Next(3); i > 0 && bytes.Length > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var path = files.Write("fuzz.bin", bytes);
            if (n % 5 == 0) path = Packed(bytes, zip: n % 2 == 0, random);
            try
            {
                AssertReplaysOrIsRefused(files, path, Mappings[n % Mappings.Length]);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"File {n}, mapping {n % Mappings.Length}, bytes " +
                    $"{Convert.ToHexString(File.ReadAllBytes(path))}: {e.Message}", e);
            }
        }
    }

    /// <summary>Reads a file to its end, or until it is refused.</summary>
    /// <returns>Whether it was read.</returns>
    internal static bool AssertReplaysOrIsRefused(ReplayFiles files, string path, string mapping)
    {
        try
        {
            var replay = files.Open(new ReplayLimits { RowsInMemory = 3, SortBytes = 400 },
                new ReplayFile(path, ReplayFiles.Mapping(mapping)));
            using var rejected = RejectedRows.Create(Path.Combine(files.Path, "rejected.jsonl"));
            foreach (var row in replay.Read(rejected).Where(row => row.Skipped is null)) AssertEventOrRejected(row);
            foreach (var file in replay.Counts) Assert.Equal(file.Rows, file.Sent + file.Joined + file.LeftOut.Values.Sum());
            return true;
        }
        catch (ReplayFileException refused)
        {
            Assert.DoesNotContain('\n', refused.Message);
            Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
            return false;
        }
    }

    /// <summary>What a row becomes is well-formed JSON of the contract: either an event with the values of the row, or an event that the
    /// decoder rejects.</summary>
    private static void AssertEventOrRejected(ReplayRow row)
    {
        var (reason, e) = ReplayFiles.Decode(row);
        Assert.DoesNotContain(reason, new[]
        {
            RejectReason.NotJson, RejectReason.NotObject, RejectReason.NotUtf8, RejectReason.EmptyValue, RejectReason.TooDeep,
            RejectReason.KeyMismatch,
        });
        var json = ReplayFiles.Json(row);
        if (reason != RejectReason.None) return;
        Assert.Equal(row.Key, e.Member.Span.ToArray());
        Assert.Equal(row.At, e.At);
        Assert.Equal(json.GetProperty("kind").GetString(), e.Kind.Name());
        Assert.Equal(json.GetProperty("id").ToString(), e.Id.ToString());
        if (json.TryGetProperty("amount", out var amount))
            Assert.True(Math.Abs(decimal.Parse(amount.GetString()!, System.Globalization.CultureInfo.InvariantCulture) - (
                e.Amount / 10_000m))
                <= 1e-9m);
        Assert.Equal(json.TryGetProperty("items", out var items) ? items.GetArrayLength() : 0, e.Items.Count);
        if (json.TryGetProperty("coupons", out var coupons))
            Assert.Equal(coupons.EnumerateArray().Select(c => c.ToString()).Where(c => c.Length > 0), e.Coupons.Select(c => c.ToString()));
    }

    public void Dispose() => files.Dispose();

    private string Packed(byte[] bytes, bool zip, Random random)
    {
        var packed = new MemoryStream();
        if (zip)
        {
            using var archive = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true);
            using var entry = archive.CreateEntry("x").Open();
            entry.Write(bytes);
        }
        else
        {
            using var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(bytes);
        }

        var all = packed.ToArray();
        for (var i = random.Next(3); i > 0 && all.Length > 0; i--) all[random.Next(all.Length)] = (byte)random.Next(256);
        return files.Write("fuzz.packed", all);
    }
}
