using Streaming.Pipeline.Replay;

namespace Streaming.Pipeline.Tests.Replay;

public class MappingTests
{
    [Theory]
    [InlineData("online-retail.yaml")]
    [InlineData("wiki-sessions.yaml")]
    [InlineData("ubuntu-irc.yaml")]
    public void The_mappings_that_are_shipped_are_good(string name) => Assert.NotNull(ReplayFiles.Shipped(name));

    [Fact]
    public void Every_error_is_told_at_once_with_its_line()
    {
        var result = MappingLoader.Load("""
            topic: purchases
            delimiter: ";;"
            speed: 5
            at: { column: when, format: "qq", zone: Middle/Earth }
            kinds:
              - { kind: payed, column: no, matches: "(" }
            amount: { product: [price], abs: [quantity] }
            fields:
              id: "{no"
              member: "{who|upper}"
              currency: EUR
              kind: paid
              rom: x
              items: "{no}"
            """);
        Assert.Null(result.Mapping);
        Assert.Equal(
        [
            "line 2: delimiter must be one character (\"\\t\" for a tab).",
            "line 3: speed is not a setting.",
            "line 4: at.zone must be an IANA time zone name, not 'Middle/Earth'.",
            "line 4: at.format must be rfc3339, epoch-seconds, epoch-milliseconds or a date and time pattern such as yyyy-MM-dd HH:mm:ss, not 'qq'.",
            "line 6: kinds[0].kind must be one of paid, refunded, cancelled, not 'payed' (did you mean 'paid'?).",
            "line 6: kinds[0].matches is not a regular expression without look-around and back references.",
            "line 7: amount.abs names 'quantity', which is not in amount.product.",
            "line 8: fields.order is missing.",
            "line 9: fields.id opens a '{' that is never closed.",
            "line 10: fields.member names the filter 'upper'; there are integer, trim, lower.",
            "line 12: fields.kind has a setting of its own: kinds.",
            "line 13: fields.rom is not a field of purchases.",
            "line 14: fields.items holds a list, which a column cannot.",
        ], result.Errors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a list")]
    [InlineData("topic: [")]
    [InlineData("topic: signals\nat: { column: x }\nkinds: []\nfields: {}")]
    [InlineData("topic: clicks")]
    [InlineData("at: {}\nkinds: [{}]\nfields: {}\ntopic: clicks\namount: {}")]
    public void What_is_no_mapping_has_errors_and_no_mapping(string yaml)
    {
        var result = MappingLoader.Load(yaml);
        Assert.Null(result.Mapping);
        Assert.NotEmpty(result.Errors);
    }
}
