import { answerInThread } from '../threads/in-thread.ts';
import { unzstdBytes } from './unzstd-bytes.ts';

answerInThread(unzstdBytes);
