using System.Globalization;

namespace Streaming.Engine.Storing;

/// <summary>Small named facts that change rarely: generation, mode, rules in force.
/// Each write is durable when it returns. Thread-safe.</summary>
public interface IFacts
{
    /// <summary>The fact, or null.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    string? this[string name] { get; }

    /// <summary>Writes several facts at once: all or none.</summary>
    /// <exception cref="StoreException">They cannot be written.</exception>
    void Set(params (string Name, string Value)[] facts);

    /// <summary>Writes a fact unless it exists, and returns the stored value. If several callers try at once, one value is
    /// stored.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    string Draw(string name, string value);

    /// <summary>The fact as a number, or <paramref name="otherwise"/>.</summary>
    long Number(string name, long otherwise = 0) =>
        long.TryParse(this[name], NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) ? n : otherwise;
}
