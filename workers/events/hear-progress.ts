import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { StageEvent } from '../../activities/stage-channel.ts';

/** Which activity is listened to. */
interface Listened {
  readonly activityId: string;
  readonly workflowExecution?: { readonly workflowId: string } | undefined;
}

/** Listens to what a stage of this process says of how far it is. */
export function hearProgress({ activityId, workflowExecution }: Listened): {
  /** What was said last; `null` where nothing was. */
  latest(): { readonly rows: number | null; readonly bytes: number | null };
  stop(): void;
} {
  let [rows, bytes]: [number | null, number | null] = [null, null];
  const hear = (message: unknown): void => {
    const { phase, progress, ...about } = message as StageEvent;
    if (phase !== 'progress' || about.activityId !== activityId) return;
    if (about.workflowId !== workflowExecution?.workflowId) return;
    rows = progress?.rows ?? rows;
    bytes = progress?.bytes ?? bytes;
  };
  subscribe('acequia:stage', hear);
  return { latest: () => ({ rows, bytes }), stop: () => void unsubscribe('acequia:stage', hear) };
}
