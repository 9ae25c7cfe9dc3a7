import { MemberCount } from './member-count.ts';

/** Of a record that is too long, so much is kept for the quarantine. */
const HEAD_BYTES = 64 * 1024;

/** A line that is too long to be held: its beginning, and how many fields it has. */
export class LongLine {
  /** Byte of the file where it begins. */
  readonly offset: number;
  head: Uint8Array = new Uint8Array(0);
  private readonly count = new MemberCount();

  constructor(offset: number) {
    this.offset = offset;
  }

  get members(): number {
    return this.count.members;
  }

  take(bytes: Uint8Array): void {
    if (this.head.length === 0) this.head = bytes.slice(0, HEAD_BYTES);
    this.count.feed(bytes, 0, bytes.length);
  }
}
