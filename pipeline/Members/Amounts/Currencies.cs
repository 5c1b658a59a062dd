namespace Streaming.Members.Amounts;

/// <summary>Currency codes as numbers for state and rows, and the decimals amounts are shown with.</summary>
public static class Currencies
{
    /// <summary>Ten-thousandths in one unit: every amount is a whole number of these.</summary>
    public const long Unit = 10_000;

    // ISO 4217: what has other than two decimals.
    private static readonly int[] NoDecimals = Codes("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF");
    private static readonly int[] ThreeDecimals = Codes("BHD IQD JOD KWD LYD OMR TND");
    private static readonly int[] FourDecimals = Codes("CLF UYW");

    /// <summary>A currency's three letters as a number; 0 for none.</summary>
    public static int Code(ReadOnlySpan<byte> currency)
    {
        var code = 0;
        foreach (var letter in currency) code = (code << 8) | letter;
        return code;
    }

    /// <summary>The <see cref="Code"/> of a currency as text.</summary>
    public static int Code(string currency) => Code(System.Text.Encoding.ASCII.GetBytes(currency));

    /// <summary>The three letters of a <see cref="Code"/>; allocates.</summary>
    public static string Name(int code) => string.Create(3, code, static (letters, c) =>
    {
        for (var i = 2; i >= 0; i--, c >>= 8) letters[i] = (char)(c & 0xFF);
    });

    /// <summary>Decimals a currency's amounts have by ISO 4217; 2 for a code that is not in it.</summary>
    public static int Decimals(int code) =>
        NoDecimals.AsSpan().Contains(code) ? 0 : ThreeDecimals.AsSpan().Contains(code) ? 3 : FourDecimals.AsSpan().Contains(code) ? 4 : 2;

    /// <summary>Decimals an amount is shown with: its currency's, and as many more as it has itself.</summary>
    /// <param name="code">The currency.</param>
    /// <param name="amount">Ten-thousandths of its unit.</param>
    public static int Decimals(int code, long amount)
    {
        var decimals = Decimals(code);
        long step = Unit;
        for (var i = 0; i < decimals; i++) step /= 10;
        for (; amount % step != 0; step /= 10) decimals++;
        return decimals;
    }

    /// <summary>An amount as a decimal that is written with its currency's decimals: 21.90, 1250000, 3.500.</summary>
    public static decimal Amount(int code, long amount)
    {
        var decimals = Decimals(code, amount);
        long step = Unit;
        for (var i = 0; i < decimals; i++) step /= 10;
        var digits = Int128.Abs(amount / step);
        return new decimal((int)(uint)(digits & uint.MaxValue), (int)(uint)(digits >> 32), 0, amount < 0, (byte)decimals);
    }

    private static int[] Codes(string names) => [.. names.Split(' ').Select(Code)];
}
