import { defineSignal } from '@temporalio/workflow';
import { PAUSE_SIGNAL, RESUME_SIGNAL } from '../contract/names.js';

export const pauseSignal = defineSignal(PAUSE_SIGNAL);
export const resumeSignal = defineSignal(RESUME_SIGNAL);
