import { PARTITIONED } from '../../activities/publish/destinations.ts';
import { killMatrix } from './kill-matrix.ts';

killMatrix(PARTITIONED);
