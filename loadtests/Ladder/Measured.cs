using Streaming.Loadtests.Common;
using Streaming.Loadtests.Ladder.Measuring;

namespace Streaming.Loadtests.Ladder;

/// <summary>What rungs showed over the same topics.</summary>
/// <param name="Filled">What the topics held.</param>
/// <param name="Rungs">Each rung, in the order in which they were measured.</param>
/// <param name="Machine">What it was measured on.</param>
internal sealed record Measured(Filled Filled, IReadOnlyList<RungResult> Rungs, Machine Machine);
