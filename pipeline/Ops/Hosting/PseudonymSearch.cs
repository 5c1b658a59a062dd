using System.Text;
using Streaming.Contract.Identity;
using Streaming.Members;

namespace Streaming.Ops.Hosting;

/// <summary>Finds the member behind a pseudonym, which cannot be turned back: every id is tried.</summary>
/// <param name="key">The key of the pseudonyms.</param>
/// <param name="pseudonym">32 hex digits.</param>
public sealed class PseudonymSearch(byte[] key, string pseudonym)
{
    /// <summary>Ids a page has at most.</summary>
    public const int Page = 10_000;

    private readonly Pseudonyms pseudonyms = new(key);
    private readonly byte[] wanted = Convert.FromHexString(pseudonym);

    /// <summary>The member's id, or null.</summary>
    /// <param name="page">The next ids after one (empty: from the first), in order; none at the end.</param>
    /// <param name="cancel">Gives up between two pages.</param>
    public async Task<string?> AmongAsync(Func<byte[], Task<IReadOnlyList<byte[]>>> page, CancellationToken cancel)
    {
        for (var ids = await page([]); ids.Count > 0; ids = await page(ids[^1]))
        {
            cancel.ThrowIfCancellationRequested();
            if (ids.FirstOrDefault(id => pseudonyms.Of(new Text(id, 0, id.Length)).SequenceEqual(wanted)) is { } found)
            {
                return Encoding.UTF8.GetString(found);
            }
        }

        return null;
    }
}
