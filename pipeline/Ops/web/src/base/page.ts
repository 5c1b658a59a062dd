/** A page: shown until `close`, after which it must hold on to nothing. */
export interface Page {
  title: string;
  element: HTMLElement;
  /** Called once it is in the document. */
  opened?(): void;
  close(): void;
}
