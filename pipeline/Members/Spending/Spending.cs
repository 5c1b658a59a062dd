using Streaming.Members.Events;

namespace Streaming.Members;

/// <summary>Counts purchases and keeps what was spent, currency by currency: nothing is converted here.</summary>
public static class Spending
{
    /// <summary>One event of the member.</summary>
    public static void OnEvent(ref Turn turn)
    {
        var e = turn.Event;
        ref var spending = ref turn.Member.Spending;
        switch (e.Kind)
        {
            case EventKind.Paid:
                spending.Paid++;
                Add(ref spending, e, e.Amount);
                break;
            case EventKind.Refunded:
                spending.Refunded++;
                Add(ref spending, e, -e.Amount);
                break;
            case EventKind.Cancelled:
                spending.Cancelled++;
                Add(ref spending, e, -e.Amount);
                break;
        }
    }

    /// <summary>A currency's three letters as a number.</summary>
    public static int Code(ReadOnlySpan<byte> currency)
    {
        var code = 0;
        foreach (var letter in currency) code = (code << 8) | letter;
        return code;
    }

    /// <summary>The three letters of a <see cref="Code"/>; allocates.</summary>
    public static string Name(int code) => string.Create(3, code, static (letters, c) =>
    {
        for (var i = 2; i >= 0; i--, c >>= 8) letters[i] = (char)(c & 0xFF);
    });

    private static void Add(ref SpendingState spending, MemberEvent e, long amount)
    {
        if (amount != 0) spending.Add(Code(e.Currency.Span), amount);
    }
}
