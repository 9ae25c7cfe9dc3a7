import { answerInThread } from '../threads/in-thread.ts';
import { doEncodingJob } from './utf8-job.ts';

answerInThread(doEncodingJob);
