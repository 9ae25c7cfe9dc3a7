import type { RecordOutput } from '../rows/record-output.ts';
import { type FieldNode, LIST, OBJECT, VALUE } from './field-node.ts';
import type { FieldTree } from './field-tree.ts';
import { keyPath } from './field-path.ts';

/** Whether a key that comes again in its object is the next entry of a list (XML), or a list is written as one (JSON). */
export type Repeats = 'list' | 'refused';

interface Place {
  readonly table: string;
  readonly field: string;
}

/** Tells the output of the fields that the layout does not know, or not so. */
export class FieldReport {
  private readonly tree: FieldTree;
  private readonly output: Pick<RecordOutput, 'finding'>;
  private readonly repeats: Repeats;

  constructor(tree: FieldTree, output: Pick<RecordOutput, 'finding'>, repeats: Repeats) {
    this.tree = tree;
    this.output = output;
    this.repeats = repeats;
  }

  /** Tells of `nodes` what was met since the last time. Call at the end of a window: a field that is many things is told as one. */
  tell(nodes: Iterable<FieldNode>): void {
    const mixed = new Set<FieldNode>();
    const met = [...nodes];
    for (const node of met) if (this.isMixed(node)) mixed.add(node.isEntry && node.parent ? node.parent : node);
    for (const node of mixed) if (!isInside(node.parent, mixed)) this.tellMixed(node);
    for (const node of met) if (!isInside(node, mixed)) this.tellField(node);
  }

  private isMixed(node: FieldNode): boolean {
    const shapes = this.shapesOf(node);
    if (node.crowded) return true;
    if (node === this.tree.root) return (shapes & (LIST | OBJECT)) === LIST;
    if (this.repeats === 'list') return shapes === OBJECT && !node.isEntry && isEmpty(node);
    const several = (shapes & (shapes - 1)) !== 0;
    // Met as nothing but `{}`: there are no members that could stand for it.
    return several ? !isKnownSo(node) : shapes === OBJECT && !node.isEntry && isEmpty(node);
  }

  private tellMixed(node: FieldNode): void {
    const { seen } = node.seen ? node : { seen: node.entry?.seen };
    const { table, field } = this.placeOf(node);
    this.output.finding(table, node === this.tree.root ? 'value' : field, 'mixed', seen?.line ?? 1);
    forget(node);
  }

  private tellField(node: FieldNode): void {
    const { seen } = node;
    if (!seen) return;
    const shapes = this.shapesOf(node);
    const { table, field } = this.placeOf(node);
    const list = (shapes & LIST) !== 0 && (node.known & LIST) === 0;
    if (list) this.output.finding(table, field, 'list', seen.line);
    const isValue = (shapes & VALUE) !== 0 && (node.known & VALUE) === 0;
    // Objects are records here: what else is met is broken, and no column.
    const isStray = node === this.tree.root && (shapes & OBJECT) !== 0;
    if ((isValue && !isStray) || shapes === 0) this.tellValue(node, list);
    forget(node);
  }

  private tellValue(node: FieldNode, list: boolean): void {
    const { table, field } = list ? { table: this.rowsOf(node), field: '' } : this.placeOf(node);
    const { evidence, nulls, line } = node.seen!;
    if (!evidence && nulls === 0) return;
    const told = this.output.finding(table, field === '' ? 'value' : field, 'value', line);
    if (evidence) told.merge(evidence.data());
    for (let i = 0; i < nulls; i += 1) told.seeNothing();
  }

  /** What it can hold by the layout, and what it did. */
  private shapesOf(node: FieldNode): number {
    const met = node.seen?.shapes ?? 0;
    return node.ambiguous ? met : node.known | met;
  }

  /** Paths are as the layout has them, where it has them. */
  private placeOf(node: FieldNode): Place {
    const { parent } = node;
    if (!parent) return { table: '', field: '' };
    if (node.isEntry)
      return { table: node.rows >= 0 ? this.tree.tables[node.rows]!.path : this.rowsOf(parent), field: '' };
    const above = this.isFoundList(parent) ? { table: this.rowsOf(parent), field: '' } : this.placeOf(parent);
    return { table: above.table, field: keyPath(above.field, node.name) };
  }

  /** The path of the rows that a list's entries are. */
  private rowsOf(list: FieldNode): string {
    const { table, field } = this.placeOf(list);
    if (field === '') return `${table}[]`;
    return table === '' ? `${field}[]` : `${table}.${field}[]`;
  }

  /** A key that came again, in a format without lists: its members are members of its entries. */
  private isFoundList(node: FieldNode): boolean {
    return this.repeats === 'list' && !node.isEntry && ((node.seen?.shapes ?? 0) & LIST) !== 0;
  }
}

/** The layout itself has the field as more than one thing. */
function isKnownSo(node: FieldNode): boolean {
  return !node.ambiguous && ((node.seen?.shapes ?? 0) & ~node.known) === 0;
}

function isEmpty(node: FieldNode): boolean {
  return node.members.size === 0 && node.known === 0;
}

function isInside(node: FieldNode | undefined, mixed: ReadonlySet<FieldNode>): boolean {
  for (let above = node; above; above = above.parent) if (mixed.has(above)) return true;
  return false;
}

/** Shapes stay: what is met later may be another. */
function forget({ seen }: FieldNode): void {
  if (!seen) return;
  seen.evidence = undefined;
  seen.nulls = 0;
}
