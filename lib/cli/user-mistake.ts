/** What the person who typed the command can mend: told on stderr, exit code 2. Each line of `problems` stands alone. */
export class UserMistake extends Error {
  override readonly name = 'UserMistake';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
