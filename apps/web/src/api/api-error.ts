import type { ApiProblem } from '@engine/contracts/api';

/** The API did not answer, or answered with a problem; the message is for people. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    message: string,
    /** HTTP status; undefined: no answer. */
    readonly status?: number,
  ) {
    super(message);
  }

  get isUnauthorized(): boolean {
    return this.status === 401;
  }

  /** Of an answer of 400 or above; its body should be problem details, and may be anything. */
  static of(status: number, body: unknown): ApiError {
    const { title, detail, parameters } = (body ?? {}) as Partial<ApiProblem>;
    const named = parameters?.map(({ parameter, detail: why }) => `${parameter}: ${why}`).join('; ');
    const said = [title, detail, named].filter((part) => part !== undefined && part !== '');
    return new ApiError(`${status} ${said.length === 0 ? 'without a reason' : said.join(': ')}`, status);
  }
}
