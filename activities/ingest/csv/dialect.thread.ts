import { answerInThread } from '../threads/in-thread.ts';
import { runDialectJob } from './dialect-job.ts';

answerInThread(runDialectJob);
