/**
 * Cases of the W3C suite that we deliberately do not treat as the suite says, each kind with its reason. Every entry must
 * be needed: the test fails when one is not.
 */

/** Not well-formed for the suite, and read. */
export const READ_ALTHOUGH: readonly { readonly ids: RegExp; readonly cases: number; readonly reason: string }[] = [
  {
    ids: /^ibm-not-wf-P8[5-9]-|^rmt-016$|^rmt-019$/,
    cases: 302,
    reason: 'names with characters that the fifth edition of XML 1.0 allows and the first four did not',
  },
  {
    ids: /^rmt-ns1[01]-|^rmt-ns-e1\.0-|^ht-bh-ns11-/,
    cases: 23,
    reason:
      'breaches of Namespaces in XML only: names are taken as written, so no prefix is resolved and no value depends on it',
  },
  {
    ids: /^hst-lhs-008$/,
    cases: 1,
    reason:
      'UTF-16 by its byte order mark, UTF-8 by its declaration: the mark is believed, and what is read is what was written',
  },
  {
    ids: /^rmt-e2e-61$/,
    cases: 1,
    reason: 'ASCII that declares UTF-16, as programs write it that make their XML in memory: read as the UTF-8 it is',
  },
];

/** Well-formed, and refused: why, and what the document must hold to be refused for that. */
export const REFUSED_ALTHOUGH: readonly { readonly why: RegExp; readonly holds: RegExp; readonly reason: string }[] = [
  { why: /declares entities/, holds: /<!ENTITY/, reason: 'entities expand to anything, without bounds' },
  {
    why: /points to another file/,
    holds: /<!DOCTYPE[^[>]*(SYSTEM|PUBLIC)/s,
    reason: 'nothing outside of the file is ever read',
  },
  { why: /refers to an entity/, holds: /%[^\s;]+;/, reason: 'an entity reference in the document type' },
  { why: /not plain text/, holds: /<!ATTLIST/, reason: 'such a declaration changes the white space of values' },
  { why: /attributes a default/, holds: /<!ATTLIST/, reason: 'such a declaration adds values that are not written' },
];
