using Streaming.Replay.Mappings;

namespace Streaming.Replay.Reading;

/// <summary>A file to replay and how its rows become events.</summary>
public sealed record ReplayFile(string Path, Mapping Mapping);
