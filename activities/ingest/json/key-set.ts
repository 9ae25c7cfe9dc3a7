import { hashOf } from '../nested/field-node.ts';

/**
 * The keys met in the objects of one record, where no node of the field tree remembers them: in values that are kept as
 * text or passed over. Each object has a number; a key is looked for under that and its bytes.
 */
export class KeySet {
  private slots = new Int32Array(64);
  /** By key: object, hash, where its decoded bytes begin and end. */
  private keys = new Int32Array(4 * 32);
  private bytes = new Uint8Array(1024);
  private count = 0;
  private end = 0;

  clear(): void {
    if (this.count === 0) return;
    this.slots.fill(0);
    this.count = 0;
    this.end = 0;
  }

  /** False: the object has this key already. */
  add(object: number, bytes: Uint8Array, from: number, to: number): boolean {
    const hash = (Math.imul(object, 0x9e3779b1) ^ hashOf(bytes, from, to)) | 0;
    let slot = this.slotOf(hash);
    for (let key = this.slots[slot]!; key !== 0; key = this.slots[slot]!) {
      if (this.isSame(key - 1, object, hash, bytes, from, to)) return false;
      slot = (slot + 1) & (this.slots.length - 1);
    }
    this.put(slot, object, hash, bytes, from, to);
    return true;
  }

  private slotOf(hash: number): number {
    return (hash ^ (hash >>> 15)) & (this.slots.length - 1);
  }

  private isSame(key: number, object: number, hash: number, bytes: Uint8Array, from: number, to: number): boolean {
    const { keys } = this;
    const at = key * 4;
    if (keys[at] !== object || keys[at + 1] !== hash || keys[at + 3]! - keys[at + 2]! !== to - from) return false;
    for (let i = from, j = keys[at + 2]!; i < to; i += 1, j += 1) if (bytes[i] !== this.bytes[j]) return false;
    return true;
  }

  private put(slot: number, object: number, hash: number, bytes: Uint8Array, from: number, to: number): void {
    const at = this.count * 4;
    if (at === this.keys.length) this.keys = longer(this.keys, at * 2, new Int32Array(at * 2));
    this.keys[at] = object;
    this.keys[at + 1] = hash;
    this.keys[at + 2] = this.end;
    this.keys[at + 3] = this.end + to - from;
    this.remember(bytes, from, to);
    this.count += 1;
    this.slots[slot] = this.count;
    if (this.count * 2 > this.slots.length) this.rehash();
  }

  private remember(bytes: Uint8Array, from: number, to: number): void {
    const end = this.end + to - from;
    if (end > this.bytes.length) this.bytes = longer(this.bytes, this.end, new Uint8Array(end * 2));
    for (let i = from; i < to; i += 1) this.bytes[this.end + i - from] = bytes[i]!;
    this.end = end;
  }

  private rehash(): void {
    this.slots = new Int32Array(this.slots.length * 2);
    for (let key = 0; key < this.count; key += 1) {
      let slot = this.slotOf(this.keys[key * 4 + 1]!);
      while (this.slots[slot] !== 0) slot = (slot + 1) & (this.slots.length - 1);
      this.slots[slot] = key + 1;
    }
  }
}

function longer<Numbers extends Int32Array | Uint8Array>(from: Numbers, used: number, into: Numbers): Numbers {
  into.set(from.subarray(0, Math.min(used, from.length)));
  return into;
}
