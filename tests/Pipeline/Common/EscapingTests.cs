using System.Diagnostics;
using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Streaming.Common.Escaping;

namespace Streaming.Pipeline.Tests.Common;

public class EscapingTests
{
    private static readonly Gen<string> Hostile =
        from parts in Gen.Elements("a", "é", "😀", "'", "\"", "$(id)", "`", "\\", "\u001b[2J", "\n", "\r", "\u009b", "\u202e", "\u2028",
            "\ud83d", "=", "-", ",", "\t", "@", "+1", " ", "!", "\u200b").ListOf()
        select string.Concat(parts);

    [Theory]
    [InlineData("m-1", "m-1")]
    [InlineData("张三 😀 é", "张三 😀 é")]
    [InlineData("\u001b[31mred", @"\u{1b}[31mred")]
    [InlineData("a\nforged line", @"a\u{a}forged line")]
    [InlineData("\u202egnp.exe", @"\u{202e}gnp.exe")]
    [InlineData("\u009b2J", @"\u{9b}2J")]
    [InlineData("\ufffd", @"\u{fffd}")]
    public void Control_characters_are_escaped_for_terminals(string text, string expected) => Assert.Equal(expected, TerminalText.Of(text));

    [Fact]
    public void Escaped_text_has_no_control_characters() => Prop.ForAll(Hostile.ToArbitrary(), text =>
        TerminalText.Of(text).EnumerateRunes().All(rune => !Unprintable.Is(rune))
            && !Unprintable.IsIn(Encoding.UTF8.GetBytes(TerminalText.Of(text)))).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("m-1", "m-1")]
    [InlineData("", "''")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("$(touch x)", "'$(touch x)'")]
    public void A_shell_word_is_quoted_where_it_must_be(string text, string expected) => Assert.Equal(expected, ShellText.Quote(text));

    [Fact]
    public void A_quoted_word_is_read_back_by_a_shell()
    {
        var words = Hostile.Where(word =>
            !word.Contains('\ud83d', StringComparison.Ordinal) || word.Contains("😀", StringComparison.Ordinal)).Sample(200, 30)
            .Select(word => word.Replace("\ud83d\ud83d", "", StringComparison.Ordinal))
                .Where(word => word.EnumerateRunes().All(rune => rune != Rune.ReplacementChar)).ToList();
        Assert.NotEmpty(words);
        var start = new ProcessStartInfo("/bin/sh",
            ["-c", "printf '%s\\0' " + string.Join(' ', words.Select(ShellText.Quote))]) { RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8 };
        using var shell = Process.Start(start)!;
        var said = shell.StandardOutput.ReadToEnd();
        shell.WaitForExit();
        Assert.Equal(words, said.Split('\0')[..^1]);
    }
}
