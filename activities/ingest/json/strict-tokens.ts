const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LONGEST_KEY = 64 * 1024;

/** What is wrong with a number or word; nothing if it is JSON. */
export function checkToken(token: string): string | undefined {
  return /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(token)
    ? undefined
    : 'not a JSON value';
}

/** A JSON string that is read byte by byte behind its opening quote. */
export class StringGuard {
  isDone = false;
  private readonly keep: boolean;
  private readonly bytes: number[] = [QUOTE];
  private isEscaped = false;
  private hexLeft = 0;

  /** `keep`: its text is wanted. */
  constructor(keep: boolean) {
    this.keep = keep;
  }

  /** Takes a byte; what is wrong with it, if anything. */
  take(byte: number): string | undefined {
    if (this.keep) {
      this.bytes.push(byte);
      if (this.bytes.length > LONGEST_KEY) return 'a key is too long';
    }
    if (byte < 0x20) return 'a control character inside a string';
    if (this.hexLeft > 0) {
      this.hexLeft -= 1;
      return /[0-9a-fA-F]/.test(String.fromCharCode(byte)) ? undefined : 'an escape that JSON does not have';
    }
    if (this.isEscaped) {
      this.isEscaped = false;
      const letter = String.fromCharCode(byte);
      if (letter === 'u') this.hexLeft = 4;
      return /["\\/bfnrtu]/.test(letter) ? undefined : 'an escape that JSON does not have';
    }
    if (byte === BACKSLASH) this.isEscaped = true;
    else if (byte === QUOTE) this.isDone = true;
    return undefined;
  }

  /** Once done, and kept. */
  text(): string {
    return String(JSON.parse(Buffer.from(this.bytes).toString('utf8')));
  }
}
