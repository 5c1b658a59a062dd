namespace Streaming.Contract.Decoding;

/// <summary>The fields of one purchase line.</summary>
public static class ItemFields
{
    public const string Sku = "items.sku", Category = "items.category", Quantity = "items.quantity", Price = "items.price";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Sku, Category, Quantity, Price];

    /// <summary>The field of that key, or null for an unknown one.</summary>
    public static string? Find(ReadOnlySpan<byte> key)
    {
        if (key.SequenceEqual("sku"u8)) return Sku;
        if (key.SequenceEqual("category"u8)) return Category;
        if (key.SequenceEqual("quantity"u8)) return Quantity;
        return key.SequenceEqual("price"u8) ? Price : null;
    }
}
