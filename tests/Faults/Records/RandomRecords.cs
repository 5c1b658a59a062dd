using System.Globalization;
using System.Text;
using Confluent.Kafka;

namespace Streaming.Faults.Records;

/// <summary>Records drawn from a seed: good events among everything that can be written into a topic.</summary>
internal sealed class RandomRecords(int seed)
{
    private static readonly string[] Names = ["dead-letter-topic", "dead-letter-redriven", "original-dead-letter-x", "ce_id", "ce_type",
        "content-type", "", "trace", "\u001b[2J", "名"];
    private readonly Random random = new(seed);
    private int number;

    /// <summary>The next record.</summary>
    public Message<byte[]?, byte[]?> Next()
    {
        var member = $"m{random.Next(50)}";
        var message = new Message<byte[]?, byte[]?> { Key = Key(member), Value = Value(member) };
        if (random.Next(3) == 0) message.Headers = Headers();
        if (random.Next(4) == 0)
            message.Timestamp = new Timestamp(DateTimeOffset.UtcNow.AddMinutes(random.Next(-100_000, 55)).ToUnixTimeMilliseconds(),
                TimestampType.CreateTime);
        return message;
    }

    private byte[]? Key(string member) => random.Next(12) switch
    {
        0 => null,
        1 => [],
        2 => Bytes(random.Next(1, 200_000)),
        _ => Encoding.UTF8.GetBytes(member),
    };

    private byte[]? Value(string member)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"r{seed}-{++number}");
        var at = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var good = $$"""{"id":"{{id}}","member":"{{member}}","at":{{at}},"kind":"view","target":"t"}""";
        return random.Next(14) switch
        {
            0 => null,
            1 => [],
            2 => Bytes(random.Next(1, 2_000)),
            3 => new byte[random.Next(1, 800_000)],
            4 => Encoding.UTF8.GetBytes(good[..random.Next(good.Length)]),
            5 => Mutated(good),
            6 => Encoding.UTF8.GetBytes(new string('[', random.Next(1, 60_000))),
            7 => Encoding.UTF8.GetBytes($$"""{"specversion":"1.0","id":"{{id}}","source":"s","type":"view","subject":"{{member}}","data":{{good}}}"""),
            8 => Encoding.UTF8.GetBytes(good.Replace(at.ToString(CultureInfo.InvariantCulture),
                random.NextInt64(long.MinValue, long.MaxValue).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)),
            _ => Encoding.UTF8.GetBytes(good),
        };
    }

    private byte[] Mutated(string good)
    {
        var bytes = Encoding.UTF8.GetBytes(good);
        for (var n = random.Next(1, 6); n > 0; n--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private Headers Headers()
    {
        var headers = new Headers();
        for (var n = random.Next(1, random.Next(20) == 0 ? 5_000 : 6); n > 0; n--)
        {
            var name = random.Next(40) == 0 ? new string('h', random.Next(1, 100_000)) : Names[random.Next(Names.Length)];
            headers.Add(name, random.Next(5) == 0 ? null : Bytes(random.Next(random.Next(20) == 0 ? 40_000 : 30)));
        }

        return headers;
    }

    private byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
