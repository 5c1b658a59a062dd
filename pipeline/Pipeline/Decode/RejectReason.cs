namespace Streaming.Pipeline.Decode;

/// <summary>Why a record could not become an event. The number is stored, the name travels in dead letters: never change either.</summary>
#pragma warning disable CS1591 // each has its sentence in RejectReasons
public enum RejectReason : byte
{
    None = 0,
}
#pragma warning restore CS1591
