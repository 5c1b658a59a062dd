using System.Globalization;

namespace Streaming.TestKit;

/// <summary>How many cases a fuzz test tries: a short form each time, and a long one when its variable says so.</summary>
public static class FuzzCount
{
    /// <summary>The number that a variable of the environment gives.</summary>
    /// <param name="variable">Its name.</param>
    /// <param name="preset">The number where it is not set.</param>
    /// <exception cref="InvalidOperationException">It is no whole number from 1 on.</exception>
    public static int Of(string variable, int preset)
    {
        if (Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } text) return preset;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
            : throw new InvalidOperationException($"{variable} is '{text}'; it must be a whole number from 1 on.");
    }
}
