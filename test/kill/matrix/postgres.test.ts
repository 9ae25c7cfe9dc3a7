import { SERVED } from '../../activities/publish/destinations.ts';
import { killMatrix } from './kill-matrix.ts';

const [POSTGRES] = SERVED;
killMatrix(POSTGRES!);
