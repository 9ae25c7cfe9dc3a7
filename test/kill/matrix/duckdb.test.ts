import { DESTINATIONS } from '../../activities/publish/destinations.ts';
import { killMatrix } from './kill-matrix.ts';

const [, DUCKDB] = DESTINATIONS;
killMatrix(DUCKDB!);
