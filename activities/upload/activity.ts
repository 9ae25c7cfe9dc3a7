import type { Stages } from '../../workflows/stages.ts';
import { runStage } from '../run-stage.ts';
import { uploadFiles } from './upload-files.ts';

export const upload: Stages['upload'] = (request) => runStage('upload', (work) => uploadFiles(request, work));
