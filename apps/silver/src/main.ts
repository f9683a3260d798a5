import 'reflect-metadata';

import { readLayerConfig } from '@engine/config';
import { runLayer } from '@engine/layer-app';

import { silverDefinition } from './silver.definition.js';

await runLayer(() => silverDefinition(readLayerConfig(process.env, 'silver')));
