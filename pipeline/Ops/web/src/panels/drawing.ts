import type { Choice } from '../grafana/choice';
import type { PanelAnswer, PanelFile } from '../grafana/model';

/** What draws one type of panel. Kept between refreshes. */
export interface Drawing {
  readonly element: HTMLElement;
  /** Shows an answer; false when it holds nothing to draw. */
  show(answer: PanelAnswer, view: View): boolean;
  /** Adds an answer for the time from `since` on; only drawings of time have it. */
  append?(answer: PanelAnswer, since: number, view: View): void;
  close?(): void;
}

/** The panel, range and choice that an answer is drawn for. */
export interface View {
  panel: PanelFile;
  title: string;
  choice: Choice;
  from: number;
  to: number;
  zoom(from: number, to: number): void;
}
