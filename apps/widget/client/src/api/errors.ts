import type { Problem } from "./types";

/** The server answered, and the answer is a refusal. `code` is stable and may be branched on. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(readonly problem: Problem) {
    super(problem.detail);
    this.name = "ApiError";
    this.code = problem.code;
    this.status = problem.status;
  }
}

/** No answer arrived: offline, DNS, a dropped connection. Whether the server acted is unknown. */
export class NetworkError extends Error {
  constructor() {
    super("The network did not answer.");
    this.name = "NetworkError";
  }
}

/** The caller no longer wants the answer. */
export class Aborted extends Error {
  constructor() {
    super("Aborted.");
    this.name = "Aborted";
  }
}

export function isCode(error: unknown, ...codes: string[]): error is ApiError {
  return error instanceof ApiError && codes.includes(error.code);
}
