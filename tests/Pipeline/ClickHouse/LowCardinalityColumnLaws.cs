using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.ClickHouse.Native;
using Streaming.Engine.Storing;

namespace Streaming.Pipeline.Tests.ClickHouse;

public class LowCardinalityColumnLaws
{
    private static readonly NativeBlock.Stamp Stamp = new(1, 2, new WriterIdentity(3, "w"));

    [Fact]
    public void Words_are_read_back_as_they_were_added_and_the_column_can_be_filled_again() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<(byte Word, bool AsBytes)>>(),
            ArbMap.Default.ArbFor<NonEmptyArray<(byte Word, bool AsBytes)>>(), (first, second) =>
        {
            var column = new LowCardinalityColumn("word");
            return new[] { first, second }.All(rows => ReadBack(column, [.. rows.Get.Select(r => (Word(r.Word), r.AsBytes))]));
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    public void A_column_of_any_number_of_words_keeps_each_rows_word(int words)
    {
        var rows = Enumerable.Range(0, words + 100).Select(i => (Word(i % words), i % 3 == 0)).ToArray();
        var column = new LowCardinalityColumn("word");
        Assert.True(ReadBack(column, rows));
        Assert.True(ReadBack(column, rows[..10]));
    }

    private static string Word(int number) => number == 0 ? "" : $"w\u00f6rd-{number}";

    private static bool ReadBack(LowCardinalityColumn column, (string Word, bool AsBytes)[] rows)
    {
        foreach (var (word, asBytes) in rows)
        {
            if (asBytes) column.Add(Encoding.UTF8.GetBytes(word));
            else column.Add(word);
        }

        var block = new BlockReader(new FormedBlock("table", 1, rows.Length, NativeBlock.Write(Stamp, [column])));
        column.Clear();
        return block.All<string>("word").SequenceEqual(rows.Select(r => r.Word));
    }
}
