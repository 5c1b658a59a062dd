using Streaming.Members.Snapshots;

namespace Streaming.Members;

/// <summary>What a member keeps for declared facts: birthday, zone, consent, channels, attributes.</summary>
public sealed class ProfileState
{
    /// <summary>Makes it the state of a member nobody has heard of.</summary>
    public void Clear()
    {
    }

    /// <summary>Writes it into a snapshot.</summary>
    public void Write(SnapshotWriter to)
    {
    }

    /// <summary>Replaces it by what <see cref="Write"/> wrote.</summary>
    public void Read(ref SnapshotReader from)
    {
    }
}
