/** A page is shown until `close`, which must release timers, listeners and requests. */
export interface Page {
  title: string;
  element: HTMLElement;
  /** Called once it is in the document. */
  opened?(): void;
  close(): void;
}
