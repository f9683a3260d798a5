import { LakeInspector } from '@engine/lake';
import type { WalkedSegment } from '@engine/lake';
import { silverTicks } from '@engine/medallion';
import { madeLake } from '../testing/made-lake.js';
import { WatchedRows } from './watched-rows.js';
