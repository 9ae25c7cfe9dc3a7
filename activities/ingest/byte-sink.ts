/** Collects bytes and hands them on in large pieces. What is handed on is only valid during the call. */
export class ByteSink {
  bytes: Uint8Array;
  /** Where the next byte goes. Writers advance it themselves, after `room`. */
  at = 0;
  private readonly write: (piece: Uint8Array) => void;

  constructor(write: (piece: Uint8Array) => void, size = 1 << 20) {
    this.write = write;
    this.bytes = new Uint8Array(size);
  }

  /** Makes sure that `bytes` can take this many more. */
  room(count: number): void {
    if (this.bytes.length - this.at >= count) return;
    this.flush();
    if (this.bytes.length < count) this.bytes = new Uint8Array(count);
  }

  flush(): void {
    if (this.at > 0) this.write(this.bytes.subarray(0, this.at));
    this.at = 0;
  }
}
