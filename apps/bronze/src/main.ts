import 'reflect-metadata';

import { readLayerConfig } from '@engine/config';
import { runLayer } from '@engine/layer-app';

import { bronzeDefinition } from './bronze.definition.js';

await runLayer(() => bronzeDefinition(readLayerConfig(process.env, 'bronze')));
