using Streaming.Contract.Records;
using Streaming.Grains.Storage;

namespace Streaming.Grains.Actors;

/// <summary>What one group of inputs holds for one member. Handed over by reference within a silo.</summary>
/// <remarks>Only the sender's address crosses to another silo, whose grain refuses:
/// members are applied where their receiver commits.</remarks>
[GenerateSerializer, Immutable]
public sealed class MemberWork
{
    /// <summary>The silo whose receiver sends it.</summary>
    [Id(0)]
    public required SiloAddress From { get; init; }

    /// <summary>The member's records, in order.</summary>
    [field: NonSerialized]
    internal List<InputRecord> Records { get; init; } = [];

    /// <summary>Look for what is due up to here, epoch milliseconds; <see cref="long.MinValue"/>
    /// for a member that is not to be woken.</summary>
    [field: NonSerialized]
    internal long Proven { get; set; } = long.MinValue;

    /// <summary>Bring the member under the rules although nothing happened to it.</summary>
    [field: NonSerialized]
    internal bool Settle { get; set; }

    /// <summary>How many of the records an earlier attempt was done with before it
    /// failed: their effects are already in the commit.</summary>
    [field: NonSerialized]
    internal int Done { get; set; }

    /// <summary>Which of these records the program failed on.</summary>
    [field: NonSerialized]
    internal HashSet<int> Refused { get; } = [];

    /// <summary>The stored state to start from; null: the grain starts from its state in memory.</summary>
    [field: NonSerialized]
    internal Stored? Stored { get; set; }

    /// <summary>The group it belongs to.</summary>
    [field: NonSerialized]
    internal Group Group { get; init; } = null!;
}

/// <summary>A member as the database has it; null for one it has not.</summary>
internal sealed record Stored(MemberRecord? Record);

/// <summary>What became of a member's work.</summary>
public enum MemberOutcome : byte
{
    /// <summary>Applied; nothing of the member changed.</summary>
    Same = 0,

    /// <summary>Applied; the member changed.</summary>
    Changed = 1,

    /// <summary>Nothing was done: its state is not in memory, and the work must bring it.</summary>
    NotLoaded = 2,

    /// <summary>Nothing was done: the grain stands on another silo.</summary>
    NotHere = 3,

    /// <summary>The program failed, and what is in memory is void: the rest is to be done on the state as stored.</summary>
    Broken = 4,
}

/// <summary>The answer to a <see cref="MemberWork"/>.</summary>
[GenerateSerializer, Immutable]
public sealed class MemberResult
{
    /// <summary>What became of it.</summary>
    [Id(0)]
    public required MemberOutcome Outcome { get; init; }

    /// <summary>The changed member.</summary>
    [field: NonSerialized]
    internal MemberRecord Record { get; init; }

    internal static MemberResult Same { get; } = new() { Outcome = MemberOutcome.Same };

    internal static MemberResult NotLoaded { get; } = new() { Outcome = MemberOutcome.NotLoaded };

    internal static MemberResult Broken { get; } = new() { Outcome = MemberOutcome.Broken };

    internal static MemberResult NotHere { get; } = new() { Outcome = MemberOutcome.NotHere };
}
