/** What an XML file may hold at most, so that reading it takes bounded memory. A file beyond is refused. */
export interface XmlLimits {
  /** Elements inside one another. */
  readonly depth: number;
  /** Attributes of one element. */
  readonly attributes: number;
  /** Characters of a name. */
  readonly name: number;
  /** Bytes of one tag with its attributes, or of a document type. */
  readonly tagBytes: number;
  /** Bytes of text without a tag between, and of comments. */
  readonly textBytes: number;
  /** Bytes of one record. */
  readonly recordBytes: number;
}

export const XML_LIMITS: XmlLimits = {
  depth: 200,
  attributes: 2000,
  name: 1000,
  tagBytes: 512 * 1024,
  textBytes: 64 * 1024 * 1024,
  recordBytes: 256 * 1024 * 1024,
};
