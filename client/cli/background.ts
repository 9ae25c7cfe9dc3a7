/** What a command in the background tells the one that started it, as soon as a run is open. */
export interface OpenedInBackground {
  readonly pipeline: string;
  readonly workflowId: string;
  readonly runId: string;
  /** The run was open before. */
  readonly met: boolean;
}

/** Tells the starting command, where there is one; never keeps this process alive. */
export function tellParent(opened: OpenedInBackground): void {
  if (!process.send || !process.connected) return;
  process.send({ opened }, () => undefined);
  process.channel?.unref();
}

export function isOpened(message: unknown): message is { readonly opened: OpenedInBackground } {
  return typeof message === 'object' && message !== null && 'opened' in message;
}
