using System.Buffers;
using System.Globalization;
using System.Text;
using Streaming.ClickHouse.Sending;
using Streaming.Engine.Rows;
using Streaming.Engine.Storing;
using Streaming.Members;
using Streaming.Members.Effects;
using Streaming.Members.Rules;

namespace Streaming.Loadtests.Ladder.Rows;

/// <summary>Entries of the rewards ledger as the shards hand them on, and our encoder for them.</summary>
internal sealed class LedgerRows
{
    /// <summary>The table they go to.</summary>
    public const string Table = "rewards_rows";

    private const int RowsInChunk = 500; // of a commit
    private const long Start = 1_790_000_000_000;
    private static readonly byte[] Key = new byte[32];
    private readonly List<byte[]> chunks = [];
    private readonly BlockBuilder former =
        new(new WriterIdentity(1, "w-1"), new BlockSettings(), new Dictionary<string, long>(StringComparer.Ordinal));
    private long commit;

    /// <summary>So many entries: points for purchases of a tenth as many members, with their reasons.</summary>
    public LedgerRows(int rows)
    {
        var collector = new RowCollector(Key);
        var (effects, rules, member, to) = (new EffectBuffer(), new RuleSet(), new Member(), new ArrayBufferWriter<byte>());
        for (var i = 0; i < rows; i++)
        {
            var at = Start + (i * 40L);
            member.Reset(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"m-{i % Math.Max(1, rows / 10):0000000}")));
            member.Now = at;
            effects.Clear();
            ref var effect = ref effects.Add(member, EffectKind.PointsEarned, "points.purchases.purchase", Text.From($"purchases/e-{i}"),
                at);
            (effect.Points, effect.Value) = (i % 90, i % 4_000);
            effect.Because("amount", i % 90);
            effect.Because("pointsPerUnit", 1);
            effect.Because("growth", i % 90);
            collector.Effect(member, effects.Items[0], rules);
            if ((i + 1) % RowsInChunk != 0 && i + 1 < rows) continue;
            collector.WriteTo(to);
            chunks.Add(to.WrittenSpan.ToArray());
            to.ResetWrittenCount();
            collector.Clear();
        }
    }

    /// <summary>The pipeline's own way: chunks of commits into one block in Native format.</summary>
    public FormedBlock Encode()
    {
        foreach (var chunk in chunks) former.Add(chunk, ++commit);
        return former.Form(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).Single(b => b.Table == Table);
    }
}
