export interface ParameterProblem {
  readonly parameter: string;
  readonly detail: string;
}

/** Every answer of 400 and above: RFC 9457 problem details, `application/problem+json`. */
export interface ApiProblem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  /** Of a 400: what is wrong with which parameter. */
  readonly parameters?: readonly ParameterProblem[];
}
