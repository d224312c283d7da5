import { z } from 'zod';
import { PermanentError } from '../errors/index.js';
import { findSource, isSourceType } from '../sources/index.js';
import type { Findings } from './findings.js';
import type { Recipe } from './recipe-model.js';
import { connectionsOf } from './connections-of.js';
import { opensNoSource } from './what-it-opens.js';

const free = z.record(z.string(), z.unknown()).optional().catch(undefined);
const WITHIN = /^source\.serviceConnection\.config\./;

/**
 * The check of driver arguments that a connector makes when it connects, before anything runs. A run that opens no
 * source isn't ended by them.
 */
export function checkDriverArguments(recipe: Recipe, findings: Findings): void {
  if (opensNoSource(recipe.source.sourceConfig.config)) return;
  for (const { type, config, place } of connectionsOf(recipe)) {
    if (!isSourceType(type)) continue;
    try {
      const options = free.parse(config['connectionOptions']);
      findSource(type).driverArguments?.(options, free.parse(config['connectionArguments']));
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      const inside = (error.where ?? '').replace(WITHIN, '').split('.');
      findings.problem([...place, ...inside], [error.message, error.remedy ?? ''].join(' ').trim());
    }
  }
}
