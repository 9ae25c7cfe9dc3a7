import { DESTINATIONS } from '../../activities/publish/destinations.ts';
import { killMatrix } from './kill-matrix.ts';

const [, , ONE_FILE] = DESTINATIONS;
killMatrix(ONE_FILE!, ['orders']);
