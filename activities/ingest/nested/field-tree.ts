import { AcequiaError } from '../../failure/acequia-error.ts';
import type { RowLayout } from '../rows/layout.ts';
import { FieldNode, LIST, NONE, OBJECT, SPREAD, VALUE, WHOLE } from './field-node.ts';
import { ENTRIES, pathSteps } from './field-path.ts';

/** A list whose entries are rows, or lie between the record and lists that are. The first is the records. */
export interface TreeTable {
  /** As the layout writes it. */
  readonly path: string;
  /** Position in the layout's tables; -1: no rows are written, only lists inside it are. */
  output: number;
  /** Position of the table whose rows hold the list; -1 for the records. */
  readonly parent: number;
  /** 0 for the records. */
  readonly level: number;
  /** Positions of the tables whose rows stand in lists of this one's. */
  readonly children: number[];
  readonly entry: FieldNode;
}

/** Keys that one object may have which the layout does not know. Objects beyond are maps: JSON text holds them. */
const MOST_MEMBERS = 1000;
const MOST_RECORD_MEMBERS = 10_000;
const MOST_NODES = 50_000;

/** The structure of a source's records: what the layout says of it, and what is met besides. */
export class FieldTree {
  readonly tables: TreeTable[] = [];
  readonly nodes: FieldNode[] = [];
  readonly root: FieldNode;

  constructor(layout: RowLayout) {
    this.root = this.newNode('', undefined, true);
    this.newTable('', -1, this.root);
    layout.tables.forEach((table, output) => {
      const entry = this.at(this.root, table.path);
      const own = this.tables[entry.rows]!;
      this.tables[entry.rows] = { ...own, path: table.path, output };
      table.columns.forEach((column, position) => {
        const strict = column.onMisfit === 'suspect';
        const node = this.at(entry, column.field);
        node.column = position;
        node.strict = strict;
        if (column.promised) promise(node);
        if (column.field !== 'value') return;
        entry.column = position;
        entry.strict = strict;
      });
    });
    for (const path of layout.asJson) this.takeWhole(path);
    for (const path of layout.leftOut) this.at(this.root, path).take = NONE;
    for (const node of this.nodes) settleKnown(node, this.tables);
  }

  /** The node of a list's entries. */
  entryOf(list: FieldNode): FieldNode {
    return (list.entry ??= this.newNode('', list, true));
  }

  /** The member of an object by its key. A new one is made if there is room; else the object is `crowded`. */
  memberOf(object: FieldNode, name: string): FieldNode {
    const known = object.members.get(name);
    if (known) return known;
    if (this.isFull(object)) {
      if (object === this.root) throw tooManyFields();
      object.crowded = true;
      return this.newNode(name, object, false, true);
    }
    const member = this.newNode(name, object, false);
    object.add(member);
    return member;
  }

  private isFull(object: FieldNode): boolean {
    const most = object === this.root ? MOST_RECORD_MEMBERS : MOST_MEMBERS;
    return object.members.size >= most || this.nodes.length >= MOST_NODES;
  }

  private takeWhole(path: string): void {
    const node = this.at(this.root, path);
    node.take = WHOLE;
    if (node.name === 'value' && node.parent?.isEntry) node.parent.takeOwn = WHOLE;
  }

  private at(from: FieldNode, path: string): FieldNode {
    let node = from;
    for (const step of pathSteps(path)) {
      if (step === ENTRIES) {
        node = this.entryOf(node);
        if (node.rows < 0) this.newTable(path, this.tableAbove(node), node);
      } else {
        const member = node.members.get(step) ?? this.newNode(step, node, false);
        if (!node.members.has(step)) node.add(member);
        node = member;
      }
    }
    return node;
  }

  private tableAbove(entry: FieldNode): number {
    let node = entry.parent;
    while (node && node.rows < 0) node = node.parent;
    return node ? node.rows : 0;
  }

  private newTable(path: string, parent: number, entry: FieldNode): void {
    entry.rows = this.tables.length;
    const above = this.tables[parent];
    above?.children.push(entry.rows);
    this.tables.push({ path, output: -1, parent, level: above ? above.level + 1 : 0, children: [], entry });
  }

  private newNode(name: string, parent: FieldNode | undefined, isEntry: boolean, isLoose = false): FieldNode {
    const node = new FieldNode(isLoose ? -1 : this.nodes.length, name, parent, isEntry);
    if (isLoose) node.take = NONE;
    else this.nodes.push(node);
    return node;
  }
}

/** Everything around a promised column is promised, but for entries that are values themselves. */
function promise(node: FieldNode): void {
  const isEntrysOwn = node.name === 'value' && node.parent?.isEntry === true;
  for (let above = isEntrysOwn ? node.parent.parent : node.parent; above; above = above.parent) above.promised = true;
}

/** Says of a node what the layout has a place for, once all of it is there. */
function settleKnown(node: FieldNode, tables: readonly TreeTable[]): void {
  const members = [...node.members.values()];
  const rows = node.entry ? node.entry.rows : -1;
  const own = node.isEntry ? tables[node.rows] : undefined;
  const alone = own !== undefined && node.column >= 0 && members.length === 1 && !node.entry;
  if (members.some((member) => isPlaced(member))) node.known |= OBJECT;
  if (rows >= 0) node.known |= LIST;
  if (node.column >= 0 && (!node.isEntry || alone)) node.known |= VALUE;
  node.ambiguous = alone;
  // Single values are records, and go with the lists of values, only where there is nothing else.
  if (!alone) node.takeOwn = SPREAD;
}

function isPlaced(node: FieldNode): boolean {
  if (node.column >= 0 || node.take !== SPREAD || (node.entry && node.entry.rows >= 0)) return true;
  return [...node.members.values()].some((member) => isPlaced(member));
}

function tooManyFields(): AcequiaError {
  return new AcequiaError('SourceUnreadable', {
    what: 'The records have too many different fields to be columns',
    why: `More than ${MOST_RECORD_MEMBERS} fields; at the top of a record they cannot all be kept as JSON text either`,
    remedy: 'Name the fields to keep in the contract, or make the changing keys values before loading.',
  });
}
