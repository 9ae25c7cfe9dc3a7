/** Names a stage, or one slice of it, within a run: `ingest ventas`. */
export function stageId(stage: string, slice?: string): string {
  return slice === undefined ? stage : `${stage} ${slice}`;
}
