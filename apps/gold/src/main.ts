import 'reflect-metadata';

import { readLayerConfig } from '@engine/config';
import { runLayer } from '@engine/layer-app';

import { goldDefinition } from './gold.definition.js';

await runLayer(() => goldDefinition(readLayerConfig(process.env, 'gold')));
