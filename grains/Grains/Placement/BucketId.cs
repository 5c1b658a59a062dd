namespace Streaming.Grains.Placement;

/// <summary>The ids of bucket grains.</summary>
internal static class BucketId
{
    /// <summary>The name of their type.</summary>
    public const string TypeName = "bucket";

    /// <summary>Their type.</summary>
    public static GrainType Type { get; } = GrainType.Create(TypeName);

    /// <summary>The bucket of a grain's id.</summary>
    public static int Number(GrainId id) => (int)id.GetIntegerKey();
}
