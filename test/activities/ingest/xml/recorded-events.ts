import type { RecordEvents, RecordPlace, ValueKind } from '../../../../activities/ingest/nested/record-events.ts';

export interface Recorded extends RecordPlace {
  readonly value: unknown;
}

interface Open {
  readonly path: string;
  readonly object: Record<string, unknown>;
  key: string | undefined;
}

/** Keeps the records it is told as plain values; a key that comes again makes a list, an object's own value is `=`. */
export class RecordedEvents implements RecordEvents {
  readonly records: Recorded[] = [];
  settled = 0;
  readonly #asJson: readonly string[];
  readonly #leftOut: readonly string[];
  readonly #open: Open[] = [];
  #record: unknown;

  constructor(asJson: readonly string[], leftOut: readonly string[]) {
    this.#asJson = asJson;
    this.#leftOut = leftOut;
  }

  startRecord(): void {
    if (this.#open.length > 0) throw new Error('a record within a record');
    this.#record = undefined;
  }

  key(name: string): void {
    this.#top.key = name;
  }

  value(text: string, _kind: ValueKind): void {
    this.#put(text);
  }

  nothing(): void {
    this.#put(null);
  }

  whole(text: string): void {
    this.#put({ json: JSON.parse(text) as unknown });
  }

  wants(): 'events' | 'whole' | 'none' {
    const path = this.#pathOfNext();
    if (this.#asJson.includes(path)) return 'whole';
    return this.#leftOut.includes(path) ? 'none' : 'events';
  }

  startObject(): void {
    const path = this.#open.length > 0 ? this.#pathOfNext() : '';
    const object: Record<string, unknown> = {};
    this.#put(object);
    this.#open.push({ path, object, key: undefined });
  }

  endObject(): void {
    if (!this.#open.pop()) throw new Error('no object is open');
  }

  endRecord(place: RecordPlace): 'good' {
    if (this.#open.length > 0) throw new Error('an object is open');
    this.records.push({ ...place, value: this.#record });
    return 'good';
  }

  dropRecord(): void {
    this.#open.length = 0;
  }

  settle(): void {
    this.settled++;
  }

  get #top(): Open {
    const top = this.#open.at(-1);
    if (!top) throw new Error('no object is open');
    return top;
  }

  #pathOfNext(): string {
    const { path, key } = this.#top;
    return path === '' ? (key ?? '') : `${path}.${key ?? ''}`;
  }

  #put(value: unknown): void {
    const top = this.#open.at(-1);
    if (!top) {
      this.#record = value;
      return;
    }
    const key = top.key ?? '=';
    top.key = undefined;
    const before = top.object[key];
    if (before === undefined) top.object[key] = value;
    else if (Array.isArray(before)) before.push(value);
    else top.object[key] = [before, value];
  }
}
