import { inS3 } from '../../activities/publish/bucket-destinations.ts';
import { DESTINATIONS } from '../../activities/publish/destinations.ts';
import { WAYS } from '../../activities/publish/ways.ts';
import { killMatrix } from './kill-matrix.ts';

const s3 = await inS3();
const [, , , FOLDER] = DESTINATIONS;
/** How files come to their places is the same in all modes. */
const ways = WAYS.filter(({ name }) => name === 'merge');
killMatrix(s3('Parquet in S3', FOLDER!), undefined, ways);
