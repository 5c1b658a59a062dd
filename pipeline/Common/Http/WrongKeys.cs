using System.Net;
using System.Net.Sockets;

namespace Streaming.Common.Http;

/// <summary>
/// Slows down guessing of keys: an answer to a wrong key or password is delayed, twice as long each time, and logged. A right key is never
/// delayed, even from the same address. Thread-safe.
/// </summary>
/// <param name="tell">Receives one sentence for an address, at most once a minute.</param>
/// <param name="time">The clock.</param>
public sealed class WrongKeys(Action<string> tell, TimeProvider time)
{
    /// <summary>Addresses remembered. Beyond that the address with the oldest last attempt is forgotten.</summary>
    public const int MostAddresses = 1_024;

    /// <summary>What the first wrong key waits.</summary>
    public static readonly TimeSpan ShortestHold = TimeSpan.FromMilliseconds(100);

    /// <summary>What a wrong key waits at most.</summary>
    public static readonly TimeSpan LongestHold = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10), BetweenLines = TimeSpan.FromMinutes(1);
    private readonly Dictionary<IPAddress, Record> records = [];

    /// <summary>Addresses remembered now.</summary>
    public int Addresses
    {
        get
        {
            lock (records) return records.Count;
        }
    }

    /// <summary>Waits as long as this address has to.</summary>
    public Task HoldAsync(IPAddress? address, CancellationToken cancel) => Task.Delay(Note(address), time, cancel);

    /// <summary>Counts a wrong key and says how long its answer has to wait.</summary>
    public TimeSpan Note(IPAddress? address)
    {
        var from = Group(address ?? IPAddress.None);
        string? line = null;
        TimeSpan hold;
        lock (records)
        {
            var now = time.GetUtcNow();
            if (!records.TryGetValue(from, out var record) || now - record.Last > Forgotten)
            {
                if (records.Count >= MostAddresses && record is null) records.Remove(records.MinBy(pair => pair.Value.Last).Key);
                records[from] = record = new Record();
            }

            record.Count++;
            record.Unlogged++;
            record.Last = now;
            hold = TimeSpan.FromTicks(Math.Min(LongestHold.Ticks, ShortestHold.Ticks << Math.Min(record.Count - 1, 10)));
            if (now - record.Told >= BetweenLines)
            {
                line = $"{record.Unlogged} request{(record.Unlogged == 1 ? "" : "s")} with a wrong key or password from {from}; each waits " +
                    $"up to {LongestHold.TotalSeconds:0} s for its answer.";
                (record.Told, record.Unlogged) = (now, 0);
            }
        }

        if (line is not null) tell(line);
        return hold;
    }

    /// <summary>An IPv6 host usually has a whole /64 network, so addresses are grouped by it.</summary>
    private static IPAddress Group(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }

    private sealed class Record
    {
        public int Count { get; set; }

        public int Unlogged { get; set; }

        public DateTimeOffset Last { get; set; }

        public DateTimeOffset Told { get; set; } = DateTimeOffset.MinValue;
    }
}
