import { SERVED } from '../../activities/publish/destinations.ts';
import { WAYS } from '../../activities/publish/ways.ts';
import { killMatrix } from './kill-matrix.ts';

const [, , DUCKLAKE] = SERVED;

/** One of each mode: what a mode does about missing rows is the same in a lake whose catalogue is in SQLite. */
const WAYS_HERE = WAYS.filter(({ mode }, index) => WAYS.findIndex((way) => way.mode === mode) === index);

killMatrix(DUCKLAKE!, undefined, WAYS_HERE);
