import { SERVED } from '../../activities/publish/destinations.ts';
import { WAYS } from '../../activities/publish/ways.ts';
import { killMatrix } from './kill-matrix.ts';

const [, , DUCKLAKE] = SERVED;

/** Those that load by key differ in statements alone, which are the same where the catalogue is in SQLite: there all are tried. */
const WAYS_HERE = WAYS.filter(({ mode }) => ['replace', 'append', 'merge'].includes(mode));

killMatrix(DUCKLAKE!, undefined, WAYS_HERE);
