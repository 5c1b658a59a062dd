using System.CommandLine;
using System.Globalization;

namespace Streaming.App.Commands;

/// <summary>An option that takes a number of things.</summary>
internal static class CountOption
{
    /// <param name="name">Its name, with the dashes.</param>
    /// <param name="least">The smallest number it takes.</param>
    /// <param name="unlessGiven">Its value where it is not given.</param>
    /// <param name="description">What it means.</param>
    public static Option<int> Create(string name, int least, int unlessGiven, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => unlessGiven,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least) return count;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} takes a whole number from {least} to {int.MaxValue}, " +
                $"not '{text}'."));
            return unlessGiven;
        },
    };
}
