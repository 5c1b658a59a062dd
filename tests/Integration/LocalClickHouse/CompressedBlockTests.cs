using System.Text;
using Streaming.LocalClickHouse.Blocks;
using Streaming.TestKit;

namespace Streaming.Integration.Tests.LocalClickHouse;

[Collection(nameof(ClickHouseCollection))]
public sealed class CompressedBlockTests(ClickHouseFixture fixture)
{
    /// <summary>The engine keeps columns on disk in the same blocks: what it wrote proves
    /// checksum and method for sizes of every kind.</summary>
    [Fact]
    public async Task Compressed_blocks_of_the_engine_can_be_read()
    {
        await fixture.Server.QueryAsync("CREATE TABLE blocks (s String CODEC(LZ4), n String CODEC(NONE)) ENGINE = MergeTree ORDER BY tuple() SETTINGS min_bytes_for_wide_part = 0, min_compress_block_size = 1, max_compress_block_size = 1, index_granularity = 1");
        await fixture.Server.QueryAsync("INSERT INTO blocks SELECT repeat(toString(number), number % 40) AS s, s FROM numbers(3000)");
        var folder = await fixture.Server.QueryAsync("SELECT path FROM system.parts WHERE table = 'blocks' AND active");
        // The engine keeps the lengths of strings in a file of their own.
        var expected = string.Concat(Enumerable.Range(0, 3000).Select(i => string.Concat(Enumerable.Repeat(i.ToString(), i % 40))));

        foreach (var column in new[] { "s.bin", "n.bin" })
        {
            var file = await File.ReadAllBytesAsync(Path.Combine(folder, column));
            var plain = new MemoryStream();
            var blocks = 0;
            for (var at = 0; at < file.Length; blocks++)
            {
                var size = CompressedBlock.HeaderBytes + CompressedBlock.DataBytes(file.AsSpan(at));
                plain.Write(CompressedBlock.Unpack(file.AsSpan(at, size)));
                at += size;
            }
            Assert.True(blocks > 100);
            Assert.Equal(expected, Encoding.ASCII.GetString(plain.ToArray()));
        }
    }

    [Fact]
    public async Task Results_and_request_bodies_can_be_compressed_blocks()
    {
        await fixture.Server.QueryAsync("CREATE TABLE packed (n UInt64) ENGINE = MergeTree ORDER BY n");
        using var result = await fixture.Server.Http.PostAsync(
            "/?compress=1&query=SELECT+number+AS+n+FROM+numbers(500000)+FORMAT+RowBinary", null);
        var body = await result.Content.ReadAsByteArrayAsync();
        Assert.True(body.Length < 4_000_000);

        using var insert = await fixture.Server.Http.PostAsync("/?decompress=1&query=INSERT+INTO+packed+FORMAT+RowBinary",
            new ByteArrayContent(body));

        Assert.Equal("", await insert.Content.ReadAsStringAsync());
        Assert.Equal("500000\t499999", await fixture.Server.QueryAsync("SELECT count(), max(n) FROM packed"));
    }

    [Fact]
    public async Task A_corrupt_or_unknown_block_is_refused_with_its_code()
    {
        var sound = CompressedBlock.Pack("SELECT 1"u8);
        Assert.Equal("1\n", await (await SendAsync(sound)).Content.ReadAsStringAsync());

        byte[] corrupted = [.. sound[..10], (byte)(sound[10] ^ 1), .. sound[11..]];
        Assert.Equal("40", Code(await SendAsync(corrupted)));
        Assert.Equal("48", Code(await SendAsync(WithMethod(sound, 0x90))));
        Assert.Equal("271", Code(await SendAsync(sound[..^1])));
        Assert.Equal("271", Code(await SendAsync("SELECT 1 AS plain_text_without_blocks"u8.ToArray())));
    }

    [Fact]
    public async Task A_body_that_is_no_gzip_is_refused()
    {
        using var content = new ByteArrayContent("SELECT 1"u8.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await fixture.Server.Http.PostAsync("/", content);
        Assert.Equal("271", response.Headers.GetValues("X-ClickHouse-Exception-Code").Single());
    }

    private Task<HttpResponseMessage> SendAsync(byte[] body) => fixture.Server.Http.PostAsync("/?decompress=1", new ByteArrayContent(body));

    private static string Code(HttpResponseMessage response) => response.Headers.GetValues("X-ClickHouse-Exception-Code").Single();

    /// <summary>The block with another method and the checksum that belongs to it.</summary>
    private static byte[] WithMethod(byte[] sound, byte method) =>
        PackingTests.Block(method, BitConverter.ToInt32(sound, 21), sound[CompressedBlock.HeaderBytes..]);
}
