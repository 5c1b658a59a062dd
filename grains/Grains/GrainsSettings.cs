using Streaming.Common.Settings;

namespace Streaming.Grains;

/// <summary>How members are spread over silos, and how a silo gathers its commits.</summary>
public sealed class GrainsSettings
{
    /// <summary>Buckets that members are spread over. Default 256; range 1-65,536. Many times
    /// the number of silos; fixed once the database is made.</summary>
    public int Buckets { get; set; } = 256;

    /// <summary>Records in one commit of a silo at most, save that one batch of a partition
    /// always fits. Default 8,192; range 1-1,000,000.</summary>
    public int MaxRecords { get; set; } = 8_192;

    /// <summary>Parts, wakes and settles that may wait for the silo's apply loop. When it is full, a part is refused and its batch is read
    /// again a little later. Default 1,024; range 16-65,536.</summary>
    public int Inbox { get; set; } = 1_024;

    /// <summary>A commit the database cannot take is tried again for this long; then its batches are read again. Default 15 s; range
    /// 0 to 25 s, because callers wait 30 s.</summary>
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a bucket looks for members that are due. Default 1 s; range 100 ms-1 minute.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Members a bucket brings to the apply loop at once, because they are due or
    /// the rules changed. Default 1,000; range 1-10,000.</summary>
    public int MembersPerLook { get; set; } = 1_000;

    /// <summary>Adds a sentence for every value out of range.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        errors.Within($"{path}:{nameof(Buckets)}", Buckets, 1, 65_536);
        errors.Within($"{path}:{nameof(MaxRecords)}", MaxRecords, 1, 1_000_000);
        errors.Within($"{path}:{nameof(Inbox)}", Inbox, 16, 65_536);
        errors.Within($"{path}:{nameof(RetryFor)}", RetryFor, TimeSpan.Zero, TimeSpan.FromSeconds(25));
        errors.Within($"{path}:{nameof(LookEvery)}", LookEvery, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        errors.Within($"{path}:{nameof(MembersPerLook)}", MembersPerLook, 1, 10_000);
    }
}
