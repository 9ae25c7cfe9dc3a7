import { inS3 } from '../../activities/publish/bucket-destinations.ts';
import { PARTITIONED } from '../../activities/publish/destinations.ts';
import { WAYS } from '../../activities/publish/ways.ts';
import { killMatrix } from './kill-matrix.ts';

const s3 = await inS3();
/** How files come to their places is the same in all modes: here some come, some are replaced and some go. */
const ways = WAYS.filter(({ name }) => name === 'replace');
killMatrix(s3('partitioned Parquet in S3', PARTITIONED), undefined, ways);
