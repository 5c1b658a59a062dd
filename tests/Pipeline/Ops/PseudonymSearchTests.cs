using System.Text;
using Streaming.Contract.Identity;
using Streaming.Members;
using Streaming.Ops.Hosting;

namespace Streaming.Pipeline.Tests.Ops;

/// <summary>Who is behind a pseudonym is found on whatever page of ids they are.</summary>
public class PseudonymSearchTests
{
    private static readonly byte[] Key = new byte[32];
    private static readonly string[] Ids = ["a", "b", "c", "d", "e"];

    [Fact]
    public async Task Each_member_is_found_and_one_that_is_not_there_is_not()
    {
        foreach (var id in Ids) Assert.Equal(id, await FindAsync(id));
        Assert.Null(await FindAsync("f"));
    }

    [Fact]
    public async Task A_search_that_is_given_up_ends_before_the_next_page()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => FindAsync("e", stop.Token));
    }

    private static Task<string?> FindAsync(string id, CancellationToken cancel = default) =>
        new PseudonymSearch(Key, new Pseudonyms(Key).Hex(Text.From(id))).AmongAsync(NextAsync, cancel);

    /// <summary>Two ids a page.</summary>
    private static Task<IReadOnlyList<byte[]>> NextAsync(byte[] after) => Task.FromResult<IReadOnlyList<byte[]>>(
        [.. Ids.Where(id => string.CompareOrdinal(id, Encoding.UTF8.GetString(after)) > 0).Take(2).Select(Encoding.UTF8.GetBytes)]);
}
