import type { Mapping } from '../../workflows/definition/index.ts';
import { mappingsFor, type Candidate } from './find-mapping.ts';
import { shapeOf, type Shape, type Structure } from './shape.ts';

/** What is known of a structure. */
export interface KnownShape {
  readonly shape: Shape;
  /** None: the shape is unknown. */
  readonly candidates: readonly Candidate[];
  /** Why records of this structure are none at all; a record is an object. */
  readonly problem?: string;
}

/** Structures that are remembered: of records whose names are values there are as many as records. */
const MOST_REMEMBERED = 10_000;
/** Paths of one record. */
const MOST_PATHS = 2_000;

/** The shapes that were met, by their structure as DuckDB writes it. */
export class ShapeBook {
  readonly #mappings: readonly Mapping[];
  readonly #known = new Map<string, KnownShape>();

  /** @param mappings those in force */
  constructor(mappings: readonly Mapping[]) {
    this.#mappings = mappings;
  }

  get mappings(): readonly Mapping[] {
    return this.#mappings;
  }

  of(structure: string): KnownShape {
    const known = this.#known.get(structure);
    if (known) return known;
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    const found = this.#look(JSON.parse(structure) as Structure);
    this.#known.set(structure, found);
    return found;
  }

  #look(structure: Structure): KnownShape {
    const shape = shapeOf(structure);
    const count = Object.keys(shape.paths).length;
    if (typeof structure === 'string')
      return none(shape, `the record is ${KIND_WORDS[shape.paths['']!]}, an object is expected`);
    if (typeof structure === 'object' && Object.keys(structure).length === 0)
      return none(shape, 'the record is empty, an object is expected');
    if (Array.isArray(structure)) return none(shape, 'the record is a list, an object is expected');
    if (count > MOST_PATHS) return none(shape, `the record has ${count} paths, ${MOST_PATHS} at most are expected`);
    return { shape, candidates: mappingsFor(shape, this.#mappings) };
  }
}

const KIND_WORDS = {
  null: 'null',
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  mixed: 'empty',
} as const;

function none(shape: Shape, problem: string): KnownShape {
  return { shape, candidates: [], problem };
}
