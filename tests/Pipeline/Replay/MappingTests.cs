using Streaming.Replay.Checking;
using Streaming.Replay.Mappings;

namespace Streaming.Pipeline.Tests.Replay;

public class MappingTests
{
    [Theory]
    [InlineData("online-retail.yaml")]
    [InlineData("wiki-sessions.yaml")]
    [InlineData("ubuntu-irc.yaml")]
    public void Every_shipped_mapping_is_valid(string name) => Assert.NotNull(ReplayFiles.Shipped(name));

    [Fact]
    public void All_errors_of_a_mapping_are_named_with_their_lines()
    {
        var result = MappingLoader.Load("""
            topic: purchases
            delimiter: ";;"
            velocity: 5
            at: { column: when, format: "qq", zone: Middle/Earth }
            kinds:
              - { kind: payed, column: no, matches: "(" }
            amount: { product: [price], abs: [quantity] }
            fields:
              id: "{no"
              member: "{who|trim|uper}"
              currency: EUR
              kind: paid
              rom: x
              items: "{no}"
            """);
        Assert.Null(result.Mapping);
        Assert.Equal(
        [
            "line 2: delimiter must be one character (\"\\t\" for a tab).",
            "line 3: velocity is not a setting.",
            "line 4: at.zone must be an IANA time zone name, not 'Middle/Earth'.",
            "line 4: at.format must be rfc3339, epoch-seconds, epoch-milliseconds, epoch-microseconds, excel-serial or a date and time " +
                "pattern such as yyyy-MM-dd HH:mm:ss, not 'qq'.",
            "line 6: kinds[0].kind must be one of paid, refunded, cancelled, not 'payed' (did you mean 'paid'?).",
            "line 6: kinds[0].matches is not a regular expression without look-around and back references.",
            "line 7: amount.abs names 'quantity', which is not in amount.product.",
            "line 8: fields.order is missing.",
            "line 9: fields.id opens a '{' that is never closed.",
            "line 10: fields.member names the filter 'uper'; there are trim, lower, upper, integer, number, abs.",
            "line 12: fields.kind has a setting of its own: kinds.",
            "line 13: fields.rom is not a field of purchases.",
            "line 14: fields.items holds several values: it belongs under lines.",
        ], result.Errors);
    }

    [Fact]
    public void Every_setting_of_a_file_and_its_values_is_checked()
    {
        var result = MappingLoader.Load("""
            topic: members
            format: xlsx
            encoding: latin-9000
            quote: ab
            delimiter: ";"
            skipRows: -1
            unpackedMiB: 0
            at: { column: a, columns: [b, c], months: [jan] }
            numbers: { decimal: ",", group: ",", marks: ["1x"] }
            kinds:
              - { kind: joined, from: "{k}" }
              - { kind: consent, when: { a: "(" }, unless: { b: "[" } }
            fields: { id: "{a}", member: "{b}" }
            lists:
              channels: { from: "{c}", pair: "=" }
              consents: { from: "{c}" }
              consent: { split: "=", pair: "=", entries: { email: "{d" } }
            lines: { by: "{a}" }
            """);
        Assert.Equal(
        [
            "line 3: encoding must be the name of an encoding, such as utf-8, utf-16, gb18030, windows-1252 or shift_jis, not " +
                "'latin-9000'.",
            "line 3: encoding has no meaning with this format.",
            "line 4: quote must be one character, or none.",
            "line 4: quote has no meaning with this format.",
            "line 5: delimiter has no meaning with this format.",
            "line 6: skipRows must be from 0 to 10000.",
            "line 7: unpackedMiB must be from 1 to 1048576.",
            "line 8: at must have either column or columns.",
            "line 8: at.months must have 12 names, not 1.",
            "line 9: numbers.group must be another character than numbers.decimal.",
            "line 9: numbers.marks has '1x', which holds a digit.",
            "line 11: kinds[0] must have either kind or from.",
            "line 12: kinds[1].when.a is not a regular expression without look-around and back references.",
            "line 12: kinds[1].unless.b is not a regular expression without look-around and back references.",
            "line 15: lists.channels is a list of texts: it takes from and split only.",
            "line 16: lists.consents is not a list of members (did you mean 'consent'?).",
            "line 17: lists.consent.pair must differ from lists.consent.split.",
            "line 17: lists.consent.entries.email opens a '{' that is never closed.",
            "line 18: lines belongs to purchases only.",
        ], result.Errors);
    }

    [Fact]
    public void The_topics_offered_are_those_that_a_mapping_may_write_to()
    {
        foreach (var topic in (string[])["signals", "click"])
        {
            var errors = MappingLoader.Load($"topic: {topic}").Errors;
            Assert.Contains(errors, error =>
                error.Contains($"topic must be one of clicks, purchases, chats, members, not '{topic}'", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("null")]
    [InlineData("\"{file}-1\"")]
    public void An_id_that_is_the_same_for_every_row_is_an_error(string id)
    {
        var yaml = $"topic: clicks\nat: {{ column: t }}\nkinds: [{{ kind: view }}]\nfields: {{ id: {id}, member: \"{{m}}\" }}\n";
        Assert.Contains("fields.id is the same for every row", Assert.Single(MappingLoader.Load(yaml).Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "The mapping is empty.")]
    [InlineData("- a list", "line 1: The mapping must be one YAML document")]
    [InlineData("topic: [", "line 2: This is not YAML: ")]
    [InlineData("topic: signals\nat: { column: x }\nkinds: []\nfields: {}", "line 3: kinds must hold at least one rule.")]
    [InlineData("topic: clicks", "line 1: kinds is missing.")]
    [InlineData("at: {}\nkinds: [{}]\nfields: {}\ntopic: clicks\namount: {}", "line 2: kinds[0] must have either kind or from.")]
    public void A_text_that_is_no_mapping_gives_errors(string yaml, string error)
    {
        var result = MappingLoader.Load(yaml);
        Assert.Null(result.Mapping);
        Assert.Contains(result.Errors, e => e.Contains(error, StringComparison.Ordinal));
    }
}
