import { DESTINATIONS, PARTITIONED, SERVED } from './destinations.ts';
import { holdAgainstModel } from './held-against-model.ts';

holdAgainstModel([...DESTINATIONS, PARTITIONED, ...SERVED], 2);
