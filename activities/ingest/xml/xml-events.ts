/** What the first reader tells of a document, in its order. */
export interface XmlEvents {
  /**
   * Attributes as name, value, name, value …: names as written, `xmlns` too, values normalised as XML says. Only valid
   * during the call.
   */
  open(name: string, attributes: readonly string[]): void;
  /** Text or CDATA, references resolved; in as many pieces as it comes. */
  text(text: string): void;
  /** The element that was opened last and is still open has ended. */
  close(): void;
}
