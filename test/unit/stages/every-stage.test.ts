import { temporaryStore } from '../metadata/temporary-store.js';
import { describeEveryStage } from './every-stage.js';

describeEveryStage('with staging in a folder', temporaryStore);
