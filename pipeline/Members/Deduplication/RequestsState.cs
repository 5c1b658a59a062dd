using Streaming.Members.Snapshots;

namespace Streaming.Members.Deduplication;

/// <summary>A redemption that was granted, or an adjustment that was made.</summary>
/// <param name="Hash">Hash of the request, or of the adjustment's id.</param>
/// <param name="At">When it happened, epoch milliseconds.</param>
/// <param name="Sequence">Sequence number of the effect that said so.</param>
public readonly record struct Request(ulong Hash, long At, long Sequence);

/// <summary>Granted redemptions and adjustments, oldest first: neither may be applied twice.</summary>
/// <remarks>About 14 bytes each in a snapshot.</remarks>
public struct RequestsState
{
    /// <summary>The most that are remembered; beyond, the oldest is forgotten.</summary>
    public const int MaxRequests = 256;

    private Request[] requests;
    private int count;

    /// <summary>Latest time of one that was forgotten, epoch milliseconds; 0 for none. An unknown request at or before this time is refused
    /// as too late.</summary>
    public long Forgotten { get; internal set; }

    /// <summary>Those remembered.</summary>
    public readonly ReadOnlySpan<Request> All => requests.AsSpan(0, count);

    /// <summary>Resets it to the state of a new member.</summary>
    public void Clear()
    {
        requests ??= [];
        count = 0;
        Forgotten = 0;
    }

    /// <summary>The sequence number of the effect that answered it, or 0.</summary>
    internal readonly long Find(ulong hash)
    {
        foreach (ref readonly var request in All)
        {
            if (request.Hash == hash) return request.Sequence;
        }

        return 0;
    }

    /// <summary>Remembers one; of as many as are kept, the earliest is forgotten.</summary>
    internal void Add(in Request request)
    {
        if (count == MaxRequests) ForgetEarliest();
        if (count == requests.Length) Array.Resize(ref requests, Math.Clamp(count * 2, 1, MaxRequests));
        requests[count++] = request;
    }

    /// <summary>Writes it into a snapshot.</summary>
    public readonly void Write(SnapshotWriter to)
    {
        to.Unsigned((ulong)count);
        to.Signed(Forgotten);
        long at = 0, sequence = 0;
        foreach (ref readonly var request in All)
        {
            to.Fixed(request.Hash);
            to.Signed(request.At - at);
            to.Signed(request.Sequence - sequence);
            (at, sequence) = (request.At, request.Sequence);
        }
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
        Clear();
        var length = from.Unsigned();
        if (length > MaxRequests) throw new SnapshotException("more redemptions than this version keeps");
        Forgotten = from.Signed();
        long at = 0, sequence = 0;
        for (var i = 0; i < (int)length; i++)
        {
            var request = new Request(from.Fixed(), at + from.Signed(), sequence + from.Signed());
            (at, sequence) = (request.At, request.Sequence);
            Add(request);
        }
    }

    private void ForgetEarliest()
    {
        var earliest = 0;
        for (var i = 1; i < count; i++)
        {
            if (requests[i].At < requests[earliest].At) earliest = i;
        }

        Forgotten = Math.Max(Forgotten, requests[earliest].At);
        count--;
        Array.Copy(requests, earliest + 1, requests, earliest, count - earliest);
    }
}
