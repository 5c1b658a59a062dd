namespace Streaming.Loadtests.Ladder.Measuring;

/// <summary>What one way to encode rows costs.</summary>
/// <param name="Rows">One round of it.</param>
/// <param name="Bytes">Bytes on the wire.</param>
internal sealed record EncodingCost(RungResult Rows, int Bytes);

/// <summary>What the pipeline's encoder and ClickHouse.Driver cost over the same rows.</summary>
/// <param name="Columns">Columns of a row.</param>
/// <param name="Ours">Native blocks, encoded.</param>
/// <param name="PipelineCompressed">Native blocks, encoded and compressed.</param>
/// <param name="Driver">The driver's RowBinary, which it always packs.</param>
/// <param name="Packing">Compressing the driver's bytes alone.</param>
/// <param name="PipelineInserted">Native blocks, encoded and inserted.</param>
/// <param name="DriverInserted">The driver's, encoded, packed and inserted.</param>
internal sealed record EncodingCosts(int Columns, EncodingCost Ours, EncodingCost PipelineCompressed, EncodingCost Driver,
    EncodingCost Packing,
    EncodingCost PipelineInserted, EncodingCost DriverInserted);
