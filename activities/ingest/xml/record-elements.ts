import type { RecordEvents } from '../nested/record-events.ts';
import { ElementJson } from './element-json.ts';
import { isLayout, isNamespace, isTrue, isWhite, NIL } from './element-values.ts';
import { fitsStep, type RecordPath } from './record-path.ts';
import type { XmlEvents } from './xml-events.ts';

/** What is told of the records as a whole. */
export interface RecordListener {
  /** A record begins with the tag that is told. */
  started(): void;
  /** A record has ended, and all of it was told. `problem`: why it is broken. `fields`: its elements and attributes. */
  ended(fields: number, problem: string | undefined): void;
  /** Values stand outside of the records: text, or attributes that are no namespaces. By the path of their element. */
  outside(path: string): void;
}

const MOST_CANDIDATES = 5;

/** What an element within a record has turned out to be. */
const UNKNOWN = 0;
/** It has attributes or elements. */
const OBJECT = 1;
/** Its attributes say that it has no value. */
const NOTHING = 2;

/**
 * Makes the elements of the first reader into records. Attributes are fields `@name`, elements are fields of their name:
 * with attributes or elements inside they are objects, else values. The text of an object is its own value. Text is kept
 * exactly, but white space between elements is none. Text between elements is a problem of its record, except in what
 * is kept whole. Namespace declarations are no fields, `xsi:nil="true"` is no value.
 */
export class RecordElements implements XmlEvents {
  readonly #path: RecordPath;
  readonly #events: RecordEvents;
  readonly #listener: RecordListener;
  readonly #longestText: number;
  /** Names of the elements around the records, as far as they are open. */
  readonly #around: string[];
  /** How many of them are on the way to the records. */
  #matched = 0;
  /** Elements open within a record, the record's own included. 0: outside. */
  #depth = 0;
  /** By depth. */
  readonly #kinds: number[] = [];
  readonly #texts: string[] = [];
  readonly #parents: boolean[] = [];
  /** Elements outside of the records that are not on the way to them: the first of their paths. */
  readonly candidates: string[] = [];
  /** There is something besides the way to the records. */
  stray = false;
  #fields = 0;
  #problem: string | undefined;
  /** Elements open within one that nobody wants. */
  #unwanted = 0;
  #whole: ElementJson | undefined;

  /** `around`: elements that are open already, which lead to records. */
  constructor(
    path: RecordPath,
    events: RecordEvents,
    listener: RecordListener,
    longestText: number,
    around: readonly string[] = [],
  ) {
    this.#path = path;
    this.#around = [...around];
    this.#matched = around.length;
    this.#events = events;
    this.#listener = listener;
    this.#longestText = longestText;
  }

  /** A record has begun and not ended. */
  get isInside(): boolean {
    return this.#depth > 0;
  }

  /** Names of the elements that are open outside of records. */
  get around(): readonly string[] {
    return this.#around;
  }

  open(name: string, attributes: readonly string[]): void {
    if (this.#depth === 0) {
      this.#openOutside(name, attributes);
      return;
    }
    this.#fields++;
    if (this.#unwanted > 0) {
      this.#unwanted++;
      this.#countAttributes(attributes);
      return;
    }
    if (this.#whole) {
      this.#whole.open(name, attributes);
      this.#countAttributes(attributes);
      return;
    }
    const depth = this.#depth;
    if (this.#kinds[depth] !== OBJECT) this.#becomeObject(depth);
    this.#parents[depth] = true;
    if (this.#texts[depth] !== '') this.#expectWhite(this.#texts[depth]!);
    this.#texts[depth] = '';
    this.#events.key(name);
    const wanted = this.#events.wants();
    if (wanted === 'none') {
      this.#unwanted = 1;
      this.#countAttributes(attributes);
    } else if (wanted === 'whole') {
      this.#whole = new ElementJson(attributes);
      this.#countAttributes(attributes);
    } else {
      this.#enter(attributes);
    }
  }

  text(text: string): void {
    if (this.#depth === 0) {
      if (!isWhite(text)) this.#listener.outside(this.#around.join('/'));
    } else if (this.#whole) {
      this.#whole.text(text);
    } else if (this.#unwanted === 0) {
      const depth = this.#depth;
      if (this.#parents[depth]) this.#expectWhite(text);
      else this.#texts[depth] = this.#texts[depth] === '' ? text : this.#joined(this.#texts[depth]!, text);
    }
  }

  close(): void {
    if (this.#depth === 0) {
      this.#around.pop();
      if (this.#matched > this.#around.length) this.#matched = this.#around.length;
    } else if (this.#unwanted > 0) {
      this.#unwanted--;
    } else if (this.#whole) {
      const json = this.#whole.close();
      if (json === undefined) return;
      this.#events.whole(json);
      this.#whole = undefined;
    } else {
      this.#leave();
    }
  }

  #openOutside(name: string, attributes: readonly string[]): void {
    const step = this.#matched === this.#around.length ? this.#path[this.#matched] : undefined;
    const fits = step !== undefined && fitsStep(step, name);
    if (fits && this.#matched + 1 === this.#path.length) {
      this.#fields = 1;
      this.#problem = undefined;
      this.#listener.started();
      this.#events.startRecord();
      this.#enter(attributes);
      return;
    }
    this.#around.push(name);
    if (fits) this.#matched++;
    else this.#noteStray();
    if (attributes.some((name, at) => at % 2 === 0 && !isNamespace(name) && !name.startsWith('xsi:'))) {
      this.#listener.outside(this.#around.join('/'));
    }
  }

  #noteStray(): void {
    this.stray = true;
    const path = this.#around.join('/');
    if (this.candidates.length < MOST_CANDIDATES && !this.candidates.includes(path)) this.candidates.push(path);
  }

  #enter(attributes: readonly string[]): void {
    const depth = ++this.#depth;
    this.#kinds[depth] = UNKNOWN;
    this.#texts[depth] = '';
    this.#parents[depth] = false;
    for (let at = 0; at < attributes.length; at += 2) {
      this.#fields++;
      const name = attributes[at]!;
      const value = attributes[at + 1]!;
      if (isNamespace(name)) continue;
      if (name === NIL) {
        if (isTrue(value) && this.#kinds[depth] === UNKNOWN) this.#kinds[depth] = NOTHING;
        continue;
      }
      if (this.#kinds[depth] !== OBJECT) this.#becomeObject(depth);
      this.#events.key(`@${name}`);
      const wanted = this.#events.wants();
      if (wanted === 'events') this.#events.value(value, 'plain');
      else if (wanted === 'whole') this.#events.whole(JSON.stringify(value));
    }
  }

  #leave(): void {
    const depth = this.#depth--;
    const text = this.#texts[depth]!;
    const kind = this.#kinds[depth];
    if (depth === 1 && kind !== OBJECT && (text === '' || isLayout(text))) this.#becomeObject(depth);
    if (this.#kinds[depth] === OBJECT) {
      if (text !== '' && !isLayout(text)) this.#events.value(text, 'plain');
      this.#events.endObject();
    } else if (kind === NOTHING && text === '') {
      this.#events.nothing();
    } else {
      this.#events.value(text, 'plain');
    }
    if (depth === 1) this.#listener.ended(this.#fields, this.#problem);
  }

  #becomeObject(depth: number): void {
    this.#kinds[depth] = OBJECT;
    this.#events.startObject();
  }

  #expectWhite(text: string): void {
    if (!isWhite(text)) this.#problem ??= 'text between elements';
  }

  #joined(before: string, text: string): string {
    if (before.length + text.length <= this.#longestText) return before + text;
    this.#problem ??= `a text of more than ${this.#longestText} characters`;
    return before;
  }

  #countAttributes(attributes: readonly string[]): void {
    this.#fields += attributes.length / 2;
  }
}
