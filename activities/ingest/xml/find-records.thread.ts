import { answerInThread } from '../threads/in-thread.ts';
import { findRecords } from './find-records.ts';

answerInThread(({ path, name }: { path: string; name: string }) => findRecords(path, name));
