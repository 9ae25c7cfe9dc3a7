import type { ThreadFailure } from '../threads/thread-failure.ts';
import type { RowsJob, Window } from './reading.ts';
import type { OpenRowFile } from './row-files.ts';
import type { Learnt } from './window-output.ts';
import type { WindowResult } from './window-reader.ts';

/** What a thread is started with. */
export interface ThreadJob {
  readonly job: RowsJob;
  /** `split`: finds windows. `parse`: is sent windows. `both`: finds them and then parses them, for small files and samples. */
  readonly role: 'split' | 'parse' | 'both';
  /** The job's file, open in the thread that asked; its bytes, or of a sample those that are looked at. */
  readonly file: number;
  readonly bytes: number;
  /** Whether that is all of the file. */
  readonly whole: boolean;
  readonly windowBytes: number;
  readonly rowFiles?: readonly OpenRowFile[];
  /** One number, of windows that were parsed: a splitter that is far ahead waits for it to change. */
  readonly parsed: Int32Array<SharedArrayBuffer>;
}

/** To a thread that parses: a window, or that there are no more. */
export type ThreadRequest = Window | 'end';

export type ThreadAnswer =
  | { readonly kind: 'window'; readonly window: Window }
  | { readonly kind: 'split' }
  | { readonly kind: 'parsed'; readonly result: WindowResult }
  | { readonly kind: 'learnt'; readonly learnt: Learnt }
  | { readonly kind: 'failed'; readonly failure: ThreadFailure };
