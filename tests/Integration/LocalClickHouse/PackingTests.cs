using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.LocalClickHouse.Blocks;
using Streaming.LocalClickHouse.Statements;

namespace Streaming.Integration.Tests.LocalClickHouse;

public sealed class PackingTests
{
    private static readonly Arbitrary<byte[]> Repetitive =
        Gen.Choose(0, 3).Select(b => (byte)b).ArrayOf().Select(a => Enumerable.Repeat(a, 40).SelectMany(x => x).ToArray()).ToArbitrary();

    [Fact]
    public void Any_bytes_survive_packing_and_unpacking() => Prop.ForAll<byte[]>(RoundTrips).QuickCheckThrowOnFailure();

    [Fact]
    public void Repetitive_bytes_unpack_to_themselves() => Prop.ForAll(Repetitive, RoundTrips).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0)]
    [InlineData(13)]
    [InlineData(70_000)]
    [InlineData(3_000_000)]
    public void Sizes_around_the_limits_of_the_format_unpack_to_themselves(int size)
    {
        var random = new Random(size);
        var data = new byte[size];
        for (var i = 0; i < size; i++)
        {
            data[i] = (byte)(i % 1000 < 500 ? random.Next(256) : i / 1000);
        }
        Assert.True(RoundTrips(data));
    }

    [Fact]
    public void Text_is_compressed_to_less_than_half()
    {
        var lines = Enumerable.Range(0, 10_000).Select(i => $$"""{"member":"m-{{i}}","kind":"paid"}""");
        var text = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        Assert.True(CompressedBlock.Pack(text).Length < text.Length / 2);
    }

    [Fact]
    public void Any_bytes_are_unpacked_or_refused() =>
        Prop.ForAll<byte[], NonNegativeInt>((data, size) =>
        {
            var block = Block(0x82, size.Get % 10_000, data);
            try
            {
                return CompressedBlock.Unpack(block).Length == size.Get % 10_000;
            }
            catch (QueryException e)
            {
                return e.Error.Code == (int)ErrorCode.CannotDecompress;
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_changed_bit_fails_the_checksum() =>
        Prop.ForAll<NonEmptyArray<byte>, NonNegativeInt>((data, where) =>
        {
            var block = CompressedBlock.Pack(data.Get);
            block[where.Get % block.Length] ^= 1;
            try
            {
                CompressedBlock.Unpack(block);
                return false;
            }
            catch (QueryException e)
            {
                return e.Error.Code == (int)ErrorCode.ChecksumDoesNotMatch;
            }
        }).QuickCheckThrowOnFailure();

    /// <summary>A block with a right checksum over whatever it says and holds.</summary>
    internal static byte[] Block(byte method, int plainBytes, byte[] data)
    {
        var block = new byte[CompressedBlock.HeaderBytes + data.Length];
        block[16] = method;
        BitConverter.TryWriteBytes(block.AsSpan(17), 9 + data.Length);
        BitConverter.TryWriteBytes(block.AsSpan(21), plainBytes);
        data.CopyTo(block, CompressedBlock.HeaderBytes);
        var (low, high) = CityHash.Hash128(block.AsSpan(16));
        BitConverter.TryWriteBytes(block, low);
        BitConverter.TryWriteBytes(block.AsSpan(8), high);
        return block;
    }

    private static bool RoundTrips(byte[] data) => CompressedBlock.Unpack(CompressedBlock.Pack(data)).AsSpan().SequenceEqual(data);
}
