import { inGcs, inS3 } from './bucket-destinations.ts';
import { DESTINATIONS, PARTITIONED } from './destinations.ts';
import { holdAgainstModel } from './held-against-model.ts';

const [, , FILE, FOLDER] = DESTINATIONS;
const [s3, gcs] = [await inS3(), await inGcs()];

holdAgainstModel(
  [
    s3('one Parquet file in S3', FILE!),
    s3('partitioned Parquet in S3', PARTITIONED),
    gcs('Parquet in Google Cloud Storage', FOLDER!),
    gcs('partitioned Parquet in Google Cloud Storage', PARTITIONED),
  ],
  1,
);
