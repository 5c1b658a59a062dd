using System.Buffers;

namespace Streaming.Common.Escaping;

/// <summary>Text as one word of a POSIX shell's command line.</summary>
public static class ShellText
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+:,./-");

    /// <summary>The text itself when a shell takes it literally, else in single quotes, in which nothing is expanded.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Plain) ? text : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
