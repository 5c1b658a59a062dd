using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.ClickHouse.Sending;
using Streaming.Engine.Rows;
using Streaming.Engine.Storing;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Events;
using Streaming.Members.Rules;

namespace Streaming.Pipeline.Tests.ClickHouse;

/// <summary>What tests of the sink share: a writer, a key, members, random lists of things
/// a shard may report, and how to count them plainly.</summary>
internal static class Rows
{
    public static readonly byte[] Key = Encoding.ASCII.GetBytes("a key for tests, 32 bytes long!!");

    public static readonly WriterIdentity Writer = new(7, "w-1");

    public static readonly RuleSet Rules = new();

    /// <summary>One thing a shard reports to its collector.</summary>
    public sealed record Report(int What, EventKind Kind, int Member, long At, long Amount, string Currency, MemberFacets Before,
        MemberFacets After);

    private static readonly Gen<MemberFacets> Facets =
        from stage in Gen.Choose(0, 8)
        from tier in Gen.Choose(0, 2)
        from level in Gen.Choose(0, 3)
        from score in Gen.Elements(int.MinValue, 100, 101, 102)
        from day in Gen.Elements(-2, -1, 20_000, 20_001)
        select new MemberFacets((byte)stage, (byte)tier, (byte)level, score, day);

    public static readonly Arbitrary<Report[]> Reports = (
        from what in Gen.Choose(0, 5)
        from kind in Gen.Elements(EventKind.View, EventKind.Paid, EventKind.Refunded, EventKind.Message, EventKind.Joined)
        from member in Gen.Choose(0, 5)
        from at in Gen.Choose(0, 1_000).Select(n => 1_700_000_000_000 + (n * 20_011L))
        from amount in Gen.OneOf(Gen.Choose(0, 1_000_000).Select(n => (long)n), Gen.Constant(long.MaxValue))
        from currency in Gen.Elements("", "EUR", "CNY")
        from before in Facets
        from after in Facets
        select new Report(what, kind, member, at, amount, currency, before, after)).ArrayOf().ToArbitrary();

    public static Member Member(string id)
    {
        var member = new Member();
        member.Reset(Encoding.UTF8.GetBytes(id));
        member.FirstSeen = 1_700_000_000_000;
        member.Now = 1_700_000_001_000;
        member.Events = 3;
        return member;
    }

    public static void Tell(this RowCollector rows, Report r)
    {
        var member = Member($"m-{r.Member}");
        switch (r.What)
        {
            case 0: rows.Applied(member, r.Kind, r.At, r.Amount, Text.From(r.Currency)); break;
            case 1: rows.Moved(r.Before, r.After, r.At); break;
            case 2: rows.Rejected(r.Kind.Topic(), "not-json", r.At); break;
            case 3: rows.Duplicate(r.Kind.Topic(), r.At); break;
            case 4: rows.Active(r.At, 0, r.At); break;
            default:
                var effects = new EffectBuffer();
                effects.Add(member, EffectKind.PointsEarned, "purchase-points", Text.From("e-1"), r.At).Points = r.Member;
                rows.Effect(member, effects.Items[0], Rules);
                break;
        }
    }

    /// <summary>The reports as chunks, a new chunk after each report that is marked.</summary>
    public static List<byte[]> Chunks(Report[] reports, Func<int, bool> cutAfter)
    {
        var chunks = new List<byte[]>();
        var rows = new RowCollector(Key);
        for (var i = 0; i < reports.Length; i++)
        {
            rows.Tell(reports[i]);
            if (!cutAfter(i) && i < reports.Length - 1) continue;
            chunks.Add(Chunk(rows));
            rows.Clear();
        }

        return chunks;
    }

    public static byte[] Chunk(RowCollector rows)
    {
        var to = new ArrayBufferWriter<byte>();
        rows.WriteTo(to);
        return to.WrittenSpan.ToArray();
    }

    /// <summary>Blocks of all chunks, formed after each chunk that is marked and at the end.</summary>
    public static List<FormedBlock> Blocks(IReadOnlyList<byte[]> chunks, Func<int, bool> formAfter)
    {
        var former = new BlockBuilder(Writer, new BlockSettings(), new Dictionary<string, long>());
        var blocks = new List<FormedBlock>();
        for (var i = 0; i < chunks.Count; i++)
        {
            former.Add(chunks[i], i + 1);
            if (formAfter(i)) blocks.AddRange(former.Form(1_700_000_000_000 + i));
        }

        blocks.AddRange(former.Form(1_700_000_999_999));
        return blocks;
    }

    /// <summary>Sums of one column of one table's blocks by the other columns named, noughts left out.</summary>
    public static SortedDictionary<string, Int128> Sums(IEnumerable<FormedBlock> blocks, string table, string sum, params string[] by)
    {
        var sums = new SortedDictionary<string, Int128>(StringComparer.Ordinal);
        foreach (var block in blocks.Where(b => b.Table == table).Select(b => new BlockReader(b)))
        {
            for (var i = 0; i < block.Rows; i++)
            {
                var key = string.Join('|', by.Select(c => block.Columns[c][i]));
                var value = block.Columns[sum][i] switch { ulong u => u, long l => l, Int128 w => w,
                    var other => throw new InvalidDataException($"{other}") };
                sums[key] = sums.GetValueOrDefault(key) + value;
            }
        }

        foreach (var nought in sums.Where(s => s.Value == 0).Select(s => s.Key).ToList()) sums.Remove(nought);
        return sums;
    }

    public static void Count(SortedDictionary<string, Int128> sums, string key, Int128 value)
    {
        sums[key] = sums.GetValueOrDefault(key) + value;
        if (sums[key] == 0) sums.Remove(key);
    }
}
