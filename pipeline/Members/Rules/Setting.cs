using System.Globalization;

namespace Streaming.Members.Rules;

/// <summary>Checks that settings lie within what makes sense.</summary>
public static class Setting
{
    /// <summary>Adds an error when <paramref name="value"/> is outside <paramref name="min"/> to <paramref name="max"/>, both included.</summary>
    public static void InRange(string path, double value, double min, double max, ICollection<string> errors)
    {
        if (!(value >= min && value <= max)) errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path} must be {min} to {max}, not {value}."));
    }

    /// <summary>The same for a number kept in ten-thousandths (<see cref="TenThousandthsAttribute"/>); the bounds are as written in the file.</summary>
    public static void TenThousandthsInRange(string path, long value, double min, double max, ICollection<string> errors) =>
        InRange(path, value / 10_000.0, min, max, errors);
}
