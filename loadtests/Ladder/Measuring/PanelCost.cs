namespace Streaming.Loadtests.Ladder.Measuring;

/// <summary>What one panel of a dashboard costs.</summary>
/// <param name="Dashboard">Title of the dashboard.</param>
/// <param name="Panel">Id of the panel.</param>
/// <param name="Opened">Over the time range that the dashboard opens with.</param>
/// <param name="Month">Over a month.</param>
internal sealed record PanelCost(string Dashboard, int Panel, PanelAnswer Opened, PanelAnswer Month);

/// <summary>What answering a panel once took.</summary>
/// <param name="Rows">Rows that its queries read.</param>
/// <param name="Milliseconds">Until all were answered.</param>
internal sealed record PanelAnswer(long Rows, double Milliseconds);
