import type { SeenField } from './seen-field.ts';

/** What a field can hold, as bits. */
export const VALUE = 1;
export const OBJECT = 2;
export const LIST = 4;

/** How a field is read: spread over columns and tables, kept as the text that stands in the file, or passed over. */
export const SPREAD = 0;
export const WHOLE = 1;
export const NONE = 2;
export type Take = typeof SPREAD | typeof WHOLE | typeof NONE;

const encoder = new TextEncoder();

/** A place in the structure of a source's records: the record, a key of an object, or the entries of a list. */
export class FieldNode {
  readonly name: string;
  /** Absent for the record. */
  readonly parent: FieldNode | undefined;
  /** The entries of the list `parent`. */
  readonly isEntry: boolean;
  /** Position in its tree. */
  readonly id: number;
  /**
   * The key's bytes and the quote that closes it, to compare with a key that has no escapes. Empty where the key could
   * not stand so.
   */
  readonly spelling: Uint8Array;
  /** Column for single values, in the table whose row is open here. -1: none. */
  column = -1;
  /** The column takes a misfit as a misfit, not as a reason to change the layout. */
  strict = false;
  /** What it can hold is promised: anything else breaks the record. */
  promised = false;
  take: Take = SPREAD;
  /** Of entries and the record: how what is not an object is read. */
  takeOwn: Take = SPREAD;
  /** What the layout has a place for. */
  known = 0;
  /** Of entries and the record: the table (of the tree) whose rows they are. -1: none, so nothing is written for them. */
  rows = -1;
  /** A lone column `value` may mean a list of values, or of objects with that key: what is really there must be watched. */
  ambiguous = false;
  /** More different keys than can be columns. */
  crowded = false;
  entry: FieldNode | undefined;
  /** The sibling that came next the last time: records mostly have their keys in one order. */
  next: FieldNode | undefined;
  /** The first key the last time. */
  first: FieldNode | undefined;
  /** Number of the object (or record) that it was last seen in: twice in the same is once too often. */
  owner = 0;
  seen: SeenField | undefined;
  readonly members = new Map<string, FieldNode>();
  private readonly byHash = new Map<number, FieldNode>();
  private sameHash: FieldNode | undefined;

  constructor(id: number, name: string, parent: FieldNode | undefined, isEntry: boolean) {
    this.id = id;
    this.name = name;
    this.parent = parent;
    this.isEntry = isEntry;
    this.spelling = isEntry || !isPlain(name) ? new Uint8Array(0) : encoder.encode(`${name}"`);
  }

  add(member: FieldNode): void {
    this.members.set(member.name, member);
    const bytes = encoder.encode(member.name);
    const hash = hashOf(bytes, 0, bytes.length);
    member.sameHash = this.byHash.get(hash);
    this.byHash.set(hash, member);
  }

  /** The member whose key these (decoded) bytes are. */
  find(bytes: Uint8Array, from: number, to: number): FieldNode | undefined {
    let node = this.byHash.get(hashOf(bytes, from, to));
    while (node && !node.isCalled(bytes, from, to)) node = node.sameHash;
    return node;
  }

  private isCalled(bytes: Uint8Array, from: number, to: number): boolean {
    const { spelling } = this;
    if (spelling.length === 0) return Buffer.from(this.name).equals(bytes.subarray(from, to));
    if (to - from !== spelling.length - 1) return false;
    for (let i = from, j = 0; i < to; i += 1, j += 1) if (bytes[i] !== spelling[j]) return false;
    return true;
  }
}

/** Whether JSON can only write the key as it is: then its bytes can be compared without decoding. */
function isPlain(name: string): boolean {
  return JSON.stringify(name) === `"${name}"`;
}

/** A hash of a key's bytes. */
export function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = to - from;
  for (let i = from; i < to; i += 1) hash = (Math.imul(hash, 31) + bytes[i]!) | 0;
  return hash;
}
