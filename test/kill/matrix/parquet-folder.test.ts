import { DESTINATIONS } from '../../activities/publish/destinations.ts';
import { killMatrix } from './kill-matrix.ts';

const [, , , FOLDER] = DESTINATIONS;
killMatrix(FOLDER!);
