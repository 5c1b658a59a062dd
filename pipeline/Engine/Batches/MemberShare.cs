using Streaming.Members;

namespace Streaming.Engine.Batches;

/// <summary>One of several equal shares of the members, by the <see cref="StableHash"/> of their ids.</summary>
/// <param name="Index">Which share, from 0.</param>
/// <param name="Count">How many shares there are.</param>
public readonly record struct MemberShare(int Index, int Count)
{
    /// <summary>The share that a member is in.</summary>
    /// <param name="hash">Hash of the member's id.</param>
    /// <param name="count">How many shares there are.</param>
    public static int Of(ulong hash, int count) => (int)(hash % (ulong)count);

    /// <summary>True when the member is in this share.</summary>
    public bool Holds(ReadOnlySpan<byte> id) => Of(StableHash.Of(id), Count) == Index;
}
