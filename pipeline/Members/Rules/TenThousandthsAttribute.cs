namespace Streaming.Members.Rules;

/// <summary>A whole number of ten-thousandths that people write as a decimal: <c>12.5</c> in the rules file is 125000 here.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TenThousandthsAttribute : Attribute;
