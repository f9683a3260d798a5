import type { LayerName } from '@engine/medallion';
import { OneOfParameter, Optional } from '../http/parameters.js';

export class PipelineQuery {
  @Optional()
  @OneOfParameter('bronze', 'silver', 'gold')
  layer?: LayerName;
}
