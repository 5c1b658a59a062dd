using Streaming.Common.Settings;

namespace Streaming.Engine.Storing;

/// <summary>How much of what Kafka or ClickHouse refused for good is kept. Beyond a limit the oldest items are dropped, and the log says
/// so.</summary>
public sealed class ParkedSettings
{
    /// <summary>Items at most. Default 10,000; range 1-1,000,000.</summary>
    public int Items { get; set; } = 10_000;

    /// <summary>MiB of parked items at most; a single larger item is kept all the same. Default 256; range 1-65,536.</summary>
    public int MiB { get; set; } = 256;

    /// <summary>Adds a sentence for every value out of range.</summary>
    public void Validate(string path, ICollection<string> errors)
    {
        errors.Within($"{path}:{nameof(Items)}", Items, 1, 1_000_000);
        errors.Within($"{path}:{nameof(MiB)}", MiB, 1, 65_536);
    }
}
