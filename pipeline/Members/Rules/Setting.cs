using System.Globalization;

namespace Streaming.Members.Rules;

/// <summary>Checks the ranges of settings.</summary>
public static class Setting
{
    /// <summary>Adds an error when <paramref name="value"/> is outside <paramref name="min"/>
    /// to <paramref name="max"/>, both included.</summary>
    public static void InRange(string path, double value, double min, double max, ICollection<string> errors)
    {
        if (!(value >= min && value <= max))
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path} must be {min} to {max}, not {value}."));
        }
    }

    /// <summary>Adds an error when <paramref name="value"/> is not above <paramref name="bound"/>,
    /// or more than <paramref name="max"/>.</summary>
    public static void Above(string path, double value, double bound, double max, ICollection<string> errors)
    {
        if (!(value > bound && value <= max))
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path} must be above {bound} and at most {max}, not {value}."));
        }
    }

    /// <summary>Adds an error when a setting is not below another one.</summary>
    public static void Below(string path, double value, string otherPath, double other, ICollection<string> errors)
    {
        if (!(value < other))
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{path} must be below {otherPath} ({other}), not {value}."));
        }
    }

    /// <summary>Like <see cref="InRange"/> for a number kept in ten-thousandths (<see cref="TenThousandthsAttribute"/>);
    /// the bounds are as written in the file.</summary>
    public static void TenThousandthsInRange(string path, long value, double min, double max, ICollection<string> errors) =>
        InRange(path, value / 10_000.0, min, max, errors);
}
