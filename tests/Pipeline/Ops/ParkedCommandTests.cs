using System.CommandLine;
using Streaming.Common.CommandLine;
using Streaming.Engine.Storing;
using Streaming.Ops.Commands;

namespace Streaming.Pipeline.Tests.Ops;

/// <summary>The command that both programs have for what was refused for good.</summary>
public class ParkedCommandTests
{
    private readonly Items items = new();

    [Theory]
    [InlineData("redrive 7", "redrive 7")]
    [InlineData("drop 7", "remove 7")]
    [InlineData("list", "list")]
    public async Task Each_subcommand_asks_the_store_for_what_it_is_named_after(string line, string asked)
    {
        Assert.Equal(ExitCodes.Done, await RunAsync(line));
        Assert.Equal(asked, Assert.Single(items.Asked));
    }

    [Theory]
    [InlineData("redrive 8")]
    [InlineData("drop 8")]
    public async Task An_item_that_is_not_there_is_wrong_usage_and_the_sentence_names_the_list(string line)
    {
        var refused = await Assert.ThrowsAsync<CommandException>(() => RunAsync(line));
        Assert.Equal(ExitCodes.WrongUsage, refused.ExitCode);
        Assert.Equal("There is no parked item 8: `program parked list` shows what there is.", refused.Message);
    }

    [Fact]
    public async Task The_store_that_the_option_names_is_opened()
    {
        await RunAsync("list --store here");
        Assert.Equal("here", items.Opened);
    }

    [Theory]
    [InlineData(1_000, 0, "")]
    [InlineData(1_001, 0, "There are more: --after 1000\n")]
    [InlineData(3, 2, "2 that are not shown are sent again at the next start.\n")]
    public async Task A_list_says_what_it_does_not_show(int parked, int again, string said)
    {
        (items.Many, items.Again) = (parked, again);
        using var beside = new StringWriter { NewLine = "\n" };
        await RunAsync("list", beside);
        Assert.Equal(said, beside.ToString());
    }

    [Fact]
    public async Task A_list_goes_on_after_the_item_that_is_named()
    {
        items.Many = 1_001;
        await RunAsync("list --after 1000");
        Assert.Equal("list after 1000", Assert.Single(items.Asked));
    }

    private Task<int> RunAsync(string line, TextWriter? beside = null)
    {
        var store = new Option<string>("--store");
        var command = ParkedCommand.Create("program", store, "at the next start", (parsed, act, _) =>
        {
            items.Opened = parsed.GetValue(store);
            act(items);
            return Task.CompletedTask;
        });
        return command.Parse(line).InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false, Error = beside ?? TextWriter.Null,
        });
    }

    /// <summary>One item, number 7.</summary>
    private sealed class Items : IParkedItems
    {
        public List<string> Asked { get; } = [];

        public string? Opened { get; set; }

        /// <summary>How many there are instead, from number 1 on.</summary>
        public int? Many { get; set; }

        /// <summary>How many are to be sent again.</summary>
        public int Again { get; set; }

        public long Count => 1;

        public int Add(string kind, string target, string reason, byte[] bytes) => throw new NotSupportedException();

        public IReadOnlyList<ParkedItem> List(int most, long after)
        {
            Asked.Add(after == 0 ? "list" : $"list after {after}");
            if (Many is { } many)
            {
                return [.. Enumerable.Range(1, many).Where(id => id > after).Take(most)
                    .Select(id => new ParkedItem(id, ParkedItem.Message, "rewards", "refused", [1]))];
            }

            return [new ParkedItem(7, ParkedItem.Message, "[rewards]", "a \u001b[31mred reason", [1])];
        }

        public IReadOnlyList<ParkedItem> ToRedrive(string kind) => kind == ParkedItem.Block ? []
            : [.. Enumerable.Range(1, Again).Select(id => new ParkedItem(id, kind, "rewards", "refused", [1]))];

        public bool Redrive(long id) => Tell("redrive", id);

        public bool Remove(long id) => Tell("remove", id);

        private bool Tell(string what, long id)
        {
            Asked.Add($"{what} {id}");
            return id == 7;
        }
    }
}
