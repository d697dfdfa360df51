/** What the caller can mend; every problem at once. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.length === 1 ? (problems[0] ?? '') : `${problems.length} problems`);
    this.problems = problems;
  }
}
