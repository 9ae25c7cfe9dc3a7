import { XML_LIMITS } from './xml-limits.ts';
import type { ScannedTag, TagListener } from './tag-scanner.ts';

/** An element at its place in the document's shape. */
interface Shape {
  readonly path: string;
  readonly depth: number;
  readonly children: Map<string, Shape>;
  /** The parent, of all that were opened, in which it was seen last. */
  seenIn: number;
  repeats: boolean;
  holdsText: boolean;
  /** Other attributes than namespaces and schema hints. */
  holdsAttributes: boolean;
}

/** What repetition says about the records. */
export type Repetition =
  | { readonly kind: 'found'; readonly path: string }
  /** The document is an empty root: no records. */
  | { readonly kind: 'empty'; readonly path: string }
  | { readonly kind: 'unsure'; readonly why: string; readonly candidates: readonly string[] };

/** Places in the shape of a document; what has more is no list of records. */
const MOST_SHAPES = 10_000;
const MOST_CANDIDATES = 5;
const ATTRIBUTE = /\s(?!xmlns[:=\s]|xsi:)[^\s=<>/"']+\s*=/;

/**
 * Finds the records as the shallowest elements that repeat under one parent. It is sure of them only where nothing else
 * would be lost: beside them stand no other elements, and around them no text and, but for the root's, no attributes.
 */
export class RepetitionFinder implements TagListener {
  readonly #around: Shape[] = [];
  #root: Shape | undefined;
  #shapes = 0;
  #opened = 0;
  readonly #instances: number[] = [0];
  #shallowest = Number.POSITIVE_INFINITY;
  /** Elements open below the shallowest that repeat. */
  #below = 0;

  open(tag: ScannedTag): void {
    const depth = this.#around.length + 1;
    if (this.#below > 0 || depth > this.#shallowest || depth > XML_LIMITS.depth) {
      this.#below++;
      return;
    }
    const shape = this.#shapeOf(tag);
    const parent = this.#instances[depth - 1]!;
    if (shape.seenIn === parent && depth > 1) {
      shape.repeats = true;
      this.#shallowest = depth;
    }
    shape.seenIn = parent;
    if (tag.attributes > 0) shape.holdsAttributes ||= ATTRIBUTE.test(tagText(tag));
    this.#around.push(shape);
    this.#instances[depth] = ++this.#opened;
  }

  close(): void {
    if (this.#below > 0) this.#below--;
    else this.#around.pop();
  }

  text(): void {
    const shape = this.#around.at(-1);
    if (shape && this.#below === 0) shape.holdsText = true;
  }

  result(): Repetition {
    const root = this.#root;
    if (!root) return { kind: 'unsure', why: 'The document has no elements.', candidates: [] };
    if (this.#shapes > MOST_SHAPES) {
      return { kind: 'unsure', why: `It has more than ${MOST_SHAPES} kinds of elements.`, candidates: [] };
    }
    const all = [...below(root)];
    const [records, ...rivals] = all.filter(({ repeats, depth }) => repeats && depth === this.#shallowest);
    if (!records) {
      const empty = root.children.size === 0 && !root.holdsText && !root.holdsAttributes;
      return empty ? { kind: 'empty', path: root.path } : unsure('No element repeats.', all);
    }
    if (rivals.length > 0) return unsure('Several elements repeat.', [records, ...rivals]);
    const around = all.filter((shape) => isAround(shape, records));
    const others = all.filter((shape) => shape.depth <= records.depth && shape !== records && !around.includes(shape));
    const lost = around.some(
      ({ depth, holdsText, holdsAttributes }) =>
        // Attributes of the root describe the list, as a rule; those of anything between belong to a record above.
        holdsText || (holdsAttributes && (depth > 1 || records.depth > 2)),
    );
    if (others.length === 0 && !lost) return { kind: 'found', path: records.path };
    return unsure('Other values stand beside the elements that repeat.', [records, ...around.reverse()]);
  }

  #shapeOf(tag: ScannedTag): Shape {
    const name = Buffer.from(
      tag.bytes.buffer,
      tag.bytes.byteOffset + tag.from + 1,
      tag.nameTo - tag.from - 1,
    ).toString();
    const parent = this.#around.at(-1);
    const known = parent ? parent.children.get(name) : this.#root;
    if (known) return known;
    const path = parent ? `${parent.path}/${name}` : name;
    const depth = this.#around.length + 1;
    const shape: Shape = {
      path,
      depth,
      children: new Map(),
      seenIn: -1,
      repeats: false,
      holdsText: false,
      holdsAttributes: false,
    };
    // What is one too many stays apart, and is seen once only.
    if (this.#shapes++ < MOST_SHAPES) parent?.children.set(name, shape);
    this.#root ??= shape;
    return shape;
  }
}

function* below(shape: Shape): Generator<Shape> {
  yield shape;
  for (const child of shape.children.values()) yield* below(child);
}

function isAround(shape: Shape, records: Shape): boolean {
  return records.path.startsWith(`${shape.path}/`);
}

function unsure(why: string, candidates: readonly Shape[]): Repetition {
  return { kind: 'unsure', why, candidates: candidates.slice(0, MOST_CANDIDATES).map(({ path }) => path) };
}

function tagText({ bytes, nameTo, to }: ScannedTag): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + nameTo, to - nameTo).toString('latin1');
}
