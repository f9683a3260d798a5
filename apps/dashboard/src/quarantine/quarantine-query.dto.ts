import {
  CursorParameter,
  LimitParameter,
  OneOfParameter,
  Optional,
  ReasonParameter,
} from '../http/parameters.js';
import { parseRefusedCursor } from './refused-row.js';
import type { RefusedCursor } from './refused-row.js';

/** What was refused, newest first. */
export class QuarantineQuery {
  @Optional()
  @OneOfParameter('bronze', 'silver')
  layer?: 'bronze' | 'silver';

  /** Bronze's reason or silver's verdict. */
  @Optional()
  @ReasonParameter()
  reason?: string;

  @Optional()
  @LimitParameter(500)
  limit = 100;

  @Optional()
  @CursorParameter(parseRefusedCursor)
  cursor?: RefusedCursor;
}
