import { DESTINATIONS } from '../../activities/publish/destinations.ts';
import { killMatrix } from './kill-matrix.ts';

const [SQLITE] = DESTINATIONS;
killMatrix(SQLITE!);
